"""What vantages saw, folded into runs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.health.check import Status
from stillup.rules.health.recording import Run, extend
from stillup.rules.ids import HealthCheckId

UP, DOWN = Status.HEALTHY, Status.UNHEALTHY
ONE = Run(HealthCheckId("a"), "us-east-1", UP, 100.0, 100.0)
FIVE = replace(ONE, last_at=140.0, count=5)

ROWS = [
    ("another outcome", ONE, DOWN, 110.0, False),
    ("another outcome in a long run", FIVE, DOWN, 150.0, False),
    ("the second, soon", ONE, UP, 103.0, True),
    ("the second, after two intervals", ONE, UP, 120.0, True),
    ("the second, after a pause", ONE, UP, 120.1, False),
    ("as evenly as before", FIVE, UP, 150.0, True),
    ("half the spacing", FIVE, UP, 145.0, True),
    ("less than half", FIVE, UP, 144.9, False),
    ("twice the spacing", FIVE, UP, 160.0, True),
    ("a pause", FIVE, UP, 160.1, False),
]


@pytest.mark.parametrize(
    ("run", "seen", "at", "goes_on"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_a_run_goes_on_while_it_is_even(run: Run, seen: Status, at: float, goes_on: bool) -> None:
    longer = extend(run, seen, at, interval=10.0)
    assert longer == (replace(run, last_at=at, count=run.count + 1) if goes_on else None)


@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 60.0)), min_size=1, max_size=60))
def test_runs_hold_every_probe_in_order_and_at_nearly_its_time(probes: list[tuple[bool, float]]) -> None:
    at, seen, runs = 0.0, [], list[Run]()
    for well, gap in probes:
        at += gap
        status = UP if well else DOWN
        seen.append((status, at))
        longer = extend(runs[-1], status, at, interval=20.0) if runs else None
        runs[-1:] = [longer] if longer else [*runs[-1:], replace(ONE, seen=status, first_at=at, last_at=at)]
    told = [(run.seen, moment) for run in runs for moment in run.moments()]
    assert [status for status, _ in told] == [status for status, _ in seen]
    assert [moment for _, moment in told] == sorted(moment for _, moment in told)
    for run in runs:
        assert {run.first_at, run.last_at} <= {moment for _, moment in seen}
