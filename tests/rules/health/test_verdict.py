"""Observations become verdicts, verdicts become a status."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.health.check import Status
from stillup.rules.health.refinements import Pace
from stillup.rules.health.verdict import UNDECIDED, Verdict, count, interval_after, observe

UP, DOWN = Status.HEALTHY, Status.UNHEALTHY


@pytest.mark.parametrize(
    ("verdict", "seen", "then"),
    [
        (Verdict(UP, DOWN, 1), UP, Verdict(UP)),
        (Verdict(DOWN, UP, 1), DOWN, Verdict(DOWN)),
        (UNDECIDED, UP, Verdict(None, UP, 1)),
        (Verdict(None, UP, 1), UP, Verdict(UP)),
        (UNDECIDED, DOWN, Verdict(None, DOWN, 1)),
        (Verdict(None, DOWN, 2), DOWN, Verdict(DOWN)),
        (Verdict(UP, DOWN, 1), DOWN, Verdict(UP, DOWN, 2)),
        (Verdict(UP, DOWN, 2), DOWN, Verdict(DOWN)),
        (Verdict(DOWN), UP, Verdict(DOWN, UP, 1)),
        (Verdict(DOWN, UP, 1), UP, Verdict(UP)),
        (Verdict(None, DOWN, 2), UP, Verdict(None, UP, 1)),
    ],
)
def test_a_verdict_flips_after_its_threshold_of_opposite_results_in_a_row(
    verdict: Verdict, seen: Status, then: Verdict
) -> None:
    """HC-24; the rows of the docstring, with fall 3 and rise 2."""
    assert observe(verdict, seen, fall=3, rise=2) == then


@pytest.mark.slow
@given(st.integers(2, 10), st.integers(2, 10), st.sampled_from([None, UP, DOWN]), st.integers(1, 60))
def test_alternating_results_never_flip_a_verdict(
    fall: int, rise: int, held: Status | None, length: int
) -> None:
    verdict = Verdict(held)
    for turn in range(length):
        verdict = observe(verdict, UP if turn % 2 else DOWN, fall=fall, rise=rise)
        assert verdict.status is held


@pytest.mark.slow
@given(st.lists(st.sampled_from(Status), max_size=60), st.integers(1, 5), st.integers(1, 5))
def test_every_flip_has_its_threshold_of_equal_results_behind_it(
    seen: list[Status], fall: int, rise: int
) -> None:
    verdicts = [UNDECIDED]
    for result in seen:
        verdicts.append(observe(verdicts[-1], result, fall=fall, rise=rise))

    for at, (before, after) in enumerate(pairwise(verdicts), start=1):
        if after.status is not before.status:
            threshold = fall if after.status is DOWN else rise
            assert seen[at - threshold : at] == [after.status] * threshold


@pytest.mark.parametrize(
    ("verdict", "seconds"),
    [
        (UNDECIDED, 30),
        (Verdict(UP), 30),
        (Verdict(UP, DOWN, 1), 1),
        (Verdict(None, DOWN, 1), 1),
        (Verdict(DOWN), 30),
        (Verdict(DOWN, UP, 1), 30),
    ],
)
def test_a_failure_that_is_not_yet_confirmed_quickens_the_pace(verdict: Verdict, seconds: float) -> None:
    pace = Pace(30, 1, 4, 2, 2, 3, 3)
    assert interval_after(verdict, pace) == seconds


@pytest.mark.parametrize(("total", "needed"), [(16, 3), (15, 3), (6, 2), (3, 1), (1, 1), (50, 10)])
def test_healthy_needs_more_than_the_fraction_of_the_vantages(total: int, needed: int) -> None:
    """HC-23, HC-27; of 50, nine are exactly 18 %, which is not more."""
    for healthy in range(total + 1):
        verdicts = [Verdict(UP)] * healthy + [Verdict(DOWN)] * (total - healthy)
        assert count(verdicts) is (UP if healthy >= needed else DOWN)


@pytest.mark.parametrize(
    ("healthy", "unhealthy", "undecided", "status"),
    [
        (0, 0, 0, None),
        (1, 0, 2, UP),
        (0, 3, 0, DOWN),
        (0, 14, 2, DOWN),
        (0, 2, 1, None),
        (0, 0, 3, None),
        (2, 11, 3, None),
    ],
)
def test_the_undecided_leave_open_only_what_they_could_change(
    healthy: int, unhealthy: int, undecided: int, status: Status | None
) -> None:
    """HC-30."""
    verdicts = [Verdict(UP)] * healthy + [Verdict(DOWN)] * unhealthy + [UNDECIDED] * undecided
    assert count(verdicts) is status


@pytest.mark.slow
@given(st.lists(st.sampled_from([UP, DOWN]), min_size=1, max_size=20), st.floats(0, 0.99))
def test_decided_vantages_always_have_a_result(statuses: list[Status], fraction: float) -> None:
    assert count(map(Verdict, statuses), fraction=fraction) is not None
