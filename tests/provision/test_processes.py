"""The real `stillup apply`, ended in the middle by a power cut or by Ctrl-C."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from stillup.provision.account import Account
from tests.provision.processes import run, write_plan
from tests.provision.typed import Typed, told

KILLED, INTERRUPTED = -signal.SIGKILL, 130


@pytest.mark.slow
def test_apply_that_is_killed_and_interrupted_is_completed_by_the_next_run(
    engine: Account, tmp_path: Path
) -> None:
    typed = Typed.new(engine, tmp_path)
    plan = write_plan(typed)
    codes = []
    for number, at in ((signal.SIGKILL, 1), (signal.SIGINT, 4), (signal.SIGKILL, 3)):
        ended = run("apply", plan, "--yes", end=(number, at))
        codes.append(ended.code)
        if number is signal.SIGINT:
            assert "Interrupted. Run the same command again" in ended.stderr
            assert "Traceback" not in ended.stderr
    assert codes == [KILLED, INTERRUPTED, KILLED]
    typed.apply()
    drawn = typed.draw()
    actual = drawn.grounds[typed.name].actual
    assert told(drawn.plan.steps) == []
    assert (len(actual.checks), len(actual.topics), len(actual.alarms), len(actual.records)) == (1, 1, 1, 2)
    listed = engine.route53.list_health_checks()["HealthChecks"]
    assert sum(typed.name in each["CallerReference"] for each in listed) == 1
