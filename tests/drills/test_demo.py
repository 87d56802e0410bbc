"""`stillup demo`, as whoever runs it sees it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stillup.cli import demo_story
from stillup.drill.demo import play, stage
from stillup.drill.engine_process import EngineProcess

pytestmark = pytest.mark.slow


def _demo(work: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "stillup", "demo", *arguments],
        env={**os.environ, "TMPDIR": str(work), "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _left_over(work: Path) -> list[str]:
    """Commands of processes that still work in the demo's folder."""
    listed = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(work) in line]


def test_the_demo_fails_over_and_back_and_leaves_nothing_behind(tmp_path: Path) -> None:
    demo = _demo(tmp_path, "--clock-rate", "20")
    output, _ = demo.communicate(timeout=110)

    assert demo.returncode == 0, output
    for what in (
        "Failure detected",
        "DNS switched to the backup",
        "First visitor on the backup",
        "Failback",
        "ALARM mail",
        "OK mail",
    ):
        assert what in output
    assert "the guide says" in output
    assert list(tmp_path.iterdir()) == []
    assert _left_over(tmp_path) == []


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_cleans_up_after_itself(tmp_path: Path, signal_number: signal.Signals) -> None:
    demo = _demo(tmp_path)
    assert demo.stdout is not None
    while "The primary is killed" not in (line := demo.stdout.readline()):
        assert line, "the demo ended before its time"
    demo.send_signal(signal_number)
    output, _ = demo.communicate(timeout=60)

    assert demo.returncode == 130
    assert "Traceback" not in output
    assert list(tmp_path.iterdir()) == []
    assert _left_over(tmp_path) == []


def test_a_demo_without_a_failover_fails_and_the_commands_that_it_offers_work(
    tmp_path: Path, free_pair_port: int, aws_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = play.engine_arguments(tmp_path, port=free_pair_port, rate=20.0)
    with EngineProcess(arguments, log=tmp_path / "engine.log") as engine:
        cloud = stage.Cloud(engine.listeners.endpoint_url)
        production = play.Production(engine, cloud, free_pair_port, 20.0, play.mail_folder(tmp_path))
        list(play.set_up(production))
        monkeypatch.setattr(cloud.ec2, "stop_instances", lambda **_: None)  # the primary does not die
        monkeypatch.setattr(play, "SWITCH_WITHIN", 20.0)  # waited for in one second

        with pytest.raises(play.DemoFailed, match="did not switch"):
            list(play.fail_over(production))

        # What a demo that is kept prints works.
        commands = demo_story.things_to_try(production)
        assert {each.split()[0] for each in commands} == {"export", "dig", "aws", "curl"}
        script = "\n".join(each for each in commands if each.split()[0] in ("export", "aws"))
        done = subprocess.run(
            ["bash", "-ec", script],
            env={"PATH": f"{aws_folder}:{os.environ['PATH']}", "AWS_PAGER": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert '"HealthChecks"' in done.stdout
