"""What a check answers: initial state, Inverted, Disabled, recover-after, latch, restart, CALCULATED."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType, Status
from stillup.rules.health.refinements import Refinements
from stillup.rules.health.status import Standing, calculate, is_recent, restore, stand
from stillup.rules.ids import HealthCheckId

UP, DOWN = Status.HEALTHY, Status.UNHEALTHY
PLAIN = Refinements()
LATCH = Refinements(latch=True)
RECOVER = Refinements(recover_after=60)


def a_check(
    *, inverted: bool = False, disabled: bool = False, kind: HealthCheckType = HealthCheckType.HTTP
) -> HealthCheck:
    config = HealthCheckConfig(kind, inverted=inverted, disabled=disabled)
    return HealthCheck(HealthCheckId("a"), "reference", config)


@pytest.mark.parametrize(
    ("counted", "before", "disabled", "raw"),
    [
        (DOWN, UP, False, DOWN),
        (UP, DOWN, False, UP),
        (None, None, False, UP),
        (None, DOWN, False, DOWN),
        (None, DOWN, True, UP),
    ],
)
def test_the_raw_status_is_the_count_or_what_stood_before(
    counted: Status | None, before: Status | None, disabled: bool, raw: Status
) -> None:
    """HC-30, decision 6."""
    standing = None if before is None else Standing(before, before, before, since=0)
    stood = stand(a_check(disabled=disabled), counted, standing, refinements=PLAIN, now=1)
    assert stood.raw is raw


@pytest.mark.parametrize(
    ("disabled", "inverted", "counted", "status"),
    [
        (False, False, UP, UP),
        (False, False, DOWN, DOWN),
        (False, True, UP, DOWN),
        (False, True, DOWN, UP),
        (True, False, None, UP),
        (True, True, None, DOWN),
        (False, False, None, UP),
        (False, True, None, DOWN),
    ],
)
def test_inverted_swaps_and_disabled_is_healthy(
    disabled: bool, inverted: bool, counted: Status | None, status: Status
) -> None:
    """HC-30, HC-31, HC-32."""
    check = a_check(inverted=inverted, disabled=disabled)
    assert stand(check, counted, None, refinements=PLAIN, now=0).status is status


def test_since_tells_when_the_answer_last_changed() -> None:
    check = a_check()
    first = stand(check, UP, None, refinements=PLAIN, now=1)
    second = stand(check, UP, first, refinements=PLAIN, now=2)
    third = stand(check, DOWN, second, refinements=PLAIN, now=3)
    assert [first.since, second.since, third.since] == [1, 1, 3]


def test_recover_after_waits_for_that_long_without_a_failure_of_any_vantage() -> None:
    check = a_check()

    def step(counted: Status, standing: Standing | None, now: float, failed: bool = False) -> Standing:
        return stand(check, counted, standing, refinements=RECOVER, now=now, failed=failed)

    down = step(DOWN, None, 100, failed=True)
    counted_up = step(UP, down, 130)
    one_failed = step(UP, counted_up, 150, failed=True)
    waiting = step(UP, one_failed, 209)
    recovered = step(UP, waiting, 210)
    assert [each.status for each in (down, counted_up, one_failed, waiting)] == [DOWN] * 4
    assert [each.held_until for each in (down, counted_up, waiting, recovered)] == [None, 160, 210, None]
    assert recovered.status is UP


def test_recover_after_does_not_make_a_healthy_check_unhealthy() -> None:
    check = a_check()
    up = stand(check, UP, None, refinements=RECOVER, now=0)
    assert stand(check, UP, up, refinements=RECOVER, now=1, failed=True).status is UP


def test_recover_after_of_a_calculated_check_counts_from_its_last_unhealthy_moment() -> None:
    check = a_check(kind=HealthCheckType.CALCULATED)
    down = stand(check, DOWN, None, refinements=RECOVER, now=0)
    up_again = stand(check, UP, down, refinements=RECOVER, now=500)
    assert (up_again.status, up_again.held_until) == (DOWN, 560)
    assert stand(check, UP, up_again, refinements=RECOVER, now=560).status is UP


@pytest.mark.parametrize(
    ("refinements", "raw", "latched_before", "latched"),
    [
        (PLAIN, DOWN, 7, None),
        (LATCH, DOWN, None, 7),
        (LATCH, DOWN, 6, 7),
        (LATCH, UP, 7, 7),
        (LATCH, UP, 6, None),
        (LATCH, UP, None, None),
    ],
)
def test_the_latch_holds_until_its_generation_changes(
    refinements: Refinements, raw: Status, latched_before: int | None, latched: int | None
) -> None:
    check = replace(a_check(), latch_generation=7)
    before = Standing(DOWN, DOWN, DOWN, since=0, latched=latched_before)
    stood = stand(check, raw, before, refinements=refinements, now=1)
    assert stood.latched == latched
    assert stood.status is (DOWN if raw is DOWN or latched is not None else UP)


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.sampled_from([None, UP, DOWN]), st.booleans(), st.floats(0, 1e6)), max_size=40),
    st.floats(0, 100),
)
def test_a_latch_never_releases_by_itself(
    steps: list[tuple[Status | None, bool, float]], recover_after: float
) -> None:
    refinements = Refinements(latch=True, recover_after=recover_after)
    standing = stand(a_check(), DOWN, None, refinements=refinements, now=0)
    now = 0.0
    for counted, disabled, pause in steps:
        now += pause
        check = a_check(disabled=disabled)
        standing = stand(check, counted, standing, refinements=refinements, now=now)
        assert standing.held is DOWN


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from([UP, DOWN]), st.booleans()), max_size=40), st.booleans())
def test_without_tags_the_answer_is_the_count(counts: list[tuple[Status, bool]], inverted: bool) -> None:
    standing = None
    for now, (counted, failed) in enumerate(counts):
        check = a_check(inverted=inverted)
        standing = stand(check, counted, standing, refinements=PLAIN, now=now, failed=failed)
        assert standing.status is (counted.opposite if inverted else counted)


@pytest.mark.parametrize("held", Status)
@pytest.mark.parametrize("inverted", [False, True])
def test_a_restored_check_answers_what_it_answered_before(held: Status, inverted: bool) -> None:
    check = a_check(inverted=inverted)
    before = stand(check, held, None, refinements=PLAIN, now=0)
    restored = restore(check, before.held, 0, refinements=PLAIN)
    assert restored.status is before.status
    assert stand(check, None, restored, refinements=PLAIN, now=5).status is before.status


def test_a_latch_survives_a_restart() -> None:
    restored = restore(a_check(), DOWN, 0, refinements=LATCH)
    assert stand(a_check(), UP, restored, refinements=LATCH, now=5).status is DOWN


@pytest.mark.parametrize(
    ("held", "refinements", "age", "recent"),
    [
        (DOWN, LATCH, 1e7, True),
        (UP, LATCH, 1e7, False),
        (DOWN, PLAIN, 600, True),
        (DOWN, PLAIN, 601, False),
    ],
)
def test_a_saved_status_counts_for_ten_minutes_and_a_latched_one_for_ever(
    held: Status, refinements: Refinements, age: float, recent: bool
) -> None:
    assert is_recent(a_check(), held, 0, refinements=refinements, now=age) is recent


def test_a_slow_check_trusts_its_saved_status_for_ten_intervals() -> None:
    slow = replace(a_check(), tags={"stillup:interval": "5m"})
    assert is_recent(slow, UP, 0, refinements=PLAIN, now=3000)
    assert not is_recent(slow, UP, 0, refinements=PLAIN, now=3001)


@pytest.mark.parametrize(
    ("threshold", "children", "status"),
    [
        (0, [DOWN, DOWN], UP),
        (0, [], UP),
        (2, [UP, UP, DOWN], UP),
        (2, [UP, DOWN, DOWN], DOWN),
        (4, [UP, UP, UP], DOWN),
    ],
)
def test_a_calculated_check_needs_its_threshold_of_healthy_children(
    threshold: int, children: list[Status], status: Status
) -> None:
    """HC-35."""
    config = HealthCheckConfig(HealthCheckType.CALCULATED, health_threshold=threshold)
    assert calculate(HealthCheck(HealthCheckId("a"), "reference", config), children) is status
