"""What is due when, without a clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.engine.health.schedule import Schedule, Slot
from stillup.rules.ids import HealthCheckId


def slot(number: int) -> Slot:
    return Slot(HealthCheckId(str(number)), "us-east-1")


def test_what_is_due_comes_out_once_and_the_longest_overdue_first() -> None:
    schedule = Schedule()
    for number, at in ((1, 30.0), (2, 10.0), (3, 20.0)):
        schedule.plan(slot(number), at)
    assert schedule.next_at() == 10.0
    assert schedule.due(9.9) == []
    assert schedule.due(20.0) == [slot(2), slot(3)]
    assert schedule.due(20.0) == []
    assert schedule.next_at() == 30.0


def test_planning_again_replaces_the_plan() -> None:
    schedule = Schedule()
    schedule.plan(slot(1), 10.0)
    schedule.plan(slot(1), 20.0)
    assert schedule.due(15.0) == []
    assert schedule.due(20.0) == [slot(1)]


def test_what_is_forgotten_never_comes_due() -> None:
    schedule = Schedule()
    schedule.plan(slot(1), 10.0)
    schedule.forget(slot(1))
    schedule.forget(slot(2))
    assert schedule.next_at() is None
    assert schedule.due(100.0) == []


def test_planning_over_and_over_does_not_grow_the_schedule() -> None:
    schedule = Schedule()
    for step in range(10_000):
        schedule.plan(slot(1), float(step))
    assert len(schedule._heap) < 200
    assert schedule.due(10_000.0) == [slot(1)]


STEP = st.one_of(
    st.tuples(st.just("plan"), st.integers(0, 5), st.integers(0, 50)),
    st.tuples(st.just("forget"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("due"), st.just(0), st.integers(0, 50)),
)


@pytest.mark.slow
@given(st.lists(STEP))
def test_a_schedule_is_a_table_of_slots_and_instants(steps: list[tuple[str, int, int]]) -> None:
    schedule, table = Schedule(), dict[Slot, float]()
    for what, number, at in steps:
        if what == "plan":
            schedule.plan(slot(number), at)
            table[slot(number)] = at
        elif what == "forget":
            schedule.forget(slot(number))
            table.pop(slot(number), None)
        else:
            expected = {each for each, planned in table.items() if planned <= at}
            due = schedule.due(at)
            assert set(due) == expected
            assert len(due) == len(expected)
            table = {each: planned for each, planned in table.items() if each not in expected}
        assert schedule.planned == table
        assert schedule.next_at() == min(table.values(), default=None)
