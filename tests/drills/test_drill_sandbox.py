"""`stillup drill --sandbox`: the guide's failover, as a newcomer tries it, at 30 s × 3."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

RATE = 1.0 if "STILLUP_SOAK_SECONDS" in os.environ else 20.0
"""`make soak` has the time for the real pace."""
PLAN = """
version: 1
failovers:
  - name: www.example.com
    zone: example.com
    primary:
      address: 203.0.113.10
      check: {path: /health}
    standby:
      folder: maintenance
    alert:
      emails: [oncall@example.com]
    budget: 4m
"""


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.timeout(900)
def test_every_phase_of_the_guides_failover_is_within_its_prediction_and_nothing_is_left(
    tmp_path: Path,
) -> None:
    work, home = tmp_path / "work", tmp_path / "home"
    work.mkdir()
    (tmp_path / "stillup.yaml").write_text(PLAN)
    (tmp_path / "maintenance").mkdir()
    (tmp_path / "maintenance" / "index.html").write_text(
        "<!doctype html><title>back soon</title><h1>Back soon</h1>\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "stillup", "drill", "--sandbox", "--clock-rate", str(RATE), "--json"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(work), "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    print(json.dumps(told["phases"], indent=1))
    late = 2.0 + RATE
    for phase in told["phases"]:
        predicted = phase["predicted"]
        if predicted is not None:
            took = phase["ended"] - phase["began"]
            assert predicted["best"] - late <= took <= predicted["worst"] + late, phase
    assert "\x1b" not in done.stdout + done.stderr
    assert list(work.iterdir()) == []
    assert not home.exists() or list(home.rglob("*.json")) == []
