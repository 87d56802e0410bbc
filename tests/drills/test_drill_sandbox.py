"""README's way from nothing to a passed drill: the guide's failover, at 30 s × 3."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

RATE = 1.0 if "STILLUP_SOAK_SECONDS" in os.environ else 30.0
"""`make soak` has the time for the real pace."""
README = Path(__file__).parents[2] / "README.md"


def readme_commands() -> str:
    """What README has a newcomer type, from nothing to a passed drill; the PATH is the test's own."""
    blocks = re.findall(r"```bash\n(.*?)```", README.read_text(), re.DOTALL)
    block = next(each for each in blocks if "stillup init" in each)
    lines = [line for line in block.splitlines() if not line.startswith("export PATH")]
    return "\n".join(lines).replace("drill --sandbox", f"drill --sandbox --json --clock-rate {RATE}")


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.timeout(900)
def test_every_phase_of_the_guides_failover_is_within_its_prediction_and_nothing_is_left(
    tmp_path: Path,
) -> None:
    work, home = tmp_path / "work", tmp_path / "home"
    work.mkdir()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euc", readme_commands()],
        cwd=tmp_path,
        env={"PATH": path, "TMPDIR": str(work), "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert "Nothing found in 1 failover" in done.stdout
    assert "<svg" in (tmp_path / "drill.html").read_text()
    print(json.dumps(told["phases"], indent=1))
    late = 2.0 + RATE
    for phase in told["phases"]:
        predicted = phase["predicted"]
        if predicted is not None:
            took = phase["ended"] - phase["began"]
            assert predicted["best"] - late <= took <= predicted["worst"] + late, phase
    (message,) = [each for each in told["phases"] if each["name"] == "message"]
    assert message["remark"] == "delivered to email oncall@example.net"
    assert "\x1b" not in done.stdout + done.stderr
    assert list(work.iterdir()) == []
    assert not home.exists() or list(home.rglob("*.json")) == []
