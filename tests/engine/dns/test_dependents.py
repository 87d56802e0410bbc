"""The index of what answers rest on."""

from __future__ import annotations

from stillup.engine.dns.dependents import Dependents, Key
from tests.by_hand import check

ONE: Key = (b"\3one\0", 1)
TWO: Key = (b"\3two\0", 1)
A, B, C = check("a"), check("b"), check("c")


def test_answers_are_found_by_any_of_their_grounds() -> None:
    index = Dependents()
    index.enter(ONE, [A, B])
    index.enter(TWO, [B])
    assert index.resting_on([A]) == {ONE}
    assert index.resting_on([B]) == {ONE, TWO}
    assert index.resting_on([A, C]) == {ONE}
    assert index.resting_on([]) == index.resting_on([C]) == set()


def test_an_answer_that_rests_on_something_else_now_is_not_found_by_what_it_rested_on() -> None:
    index = Dependents()
    index.enter(ONE, [A])
    index.enter(ONE, [B])
    assert index.resting_on([A]) == set()
    assert index.resting_on([B]) == {ONE}


def test_a_removed_answer_is_not_found() -> None:
    index = Dependents()
    index.enter(ONE, [A])
    index.enter(TWO, [A])
    index.remove(ONE)
    index.remove(ONE)
    assert index.resting_on([A]) == {TWO}
    index.clear()
    assert index.resting_on([A]) == set()
