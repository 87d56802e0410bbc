"""Multivalue answers (2.3)."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.records import RecordSet
from stillup.rules.resolution import RoutingRule
from stillup.rules.routing import Choice, Health, choose
from stillup.rules.routing.choose import MULTIVALUE_LIMIT, draws_of
from tests.by_hand import check, multivalue


def group_of(count: int) -> tuple[RecordSet, ...]:
    return tuple(
        multivalue("www.example.com", "A", f"192.0.2.{number}", f"c{number}") for number in range(count)
    )


def choose_with(group: tuple[RecordSet, ...], unhealthy: set[int]) -> Choice:
    def health_of(member: RecordSet) -> Health:
        own = member.health_check_id
        assert own is not None
        if own in {f"c{number}" for number in unhealthy}:
            return Health(healthy=False, against=(own,), depends_on=frozenset({own}))
        return Health(healthy=True, depends_on=frozenset({own}))

    return choose(group, health_of)


@pytest.mark.parametrize(
    ("members", "unhealthy", "answering", "rule"),
    [
        (1, set(), {0}, RoutingRule.MULTIVALUE_HEALTHY),
        (3, {1}, {0, 2}, RoutingRule.MULTIVALUE_HEALTHY),
        (8, set(), set(range(8)), RoutingRule.MULTIVALUE_HEALTHY),
        (9, {4}, {0, 1, 2, 3, 5, 6, 7, 8}, RoutingRule.MULTIVALUE_HEALTHY),
        (3, {0, 1, 2}, {0, 1, 2}, RoutingRule.MULTIVALUE_NOBODY_HEALTHY),
    ],
)
def test_up_to_eight_healthy_members_all_answer(
    members: int, unhealthy: set[int], answering: set[int], rule: RoutingRule
) -> None:
    group = group_of(members)
    choice = choose_with(group, unhealthy)
    expected = {group[number] for number in answering}
    assert all(set(draw) == expected for draw in choice.draws)
    assert choice.reason.rule is rule
    assert set(choice.reason.unhealthy) == {f"c{number}" for number in unhealthy}
    assert choice.depends_on == {check(f"c{number}") for number in range(members)}


@pytest.mark.parametrize(
    ("unhealthy", "candidates", "rule"),
    [
        ({0, 1}, set(range(2, 12)), RoutingRule.MULTIVALUE_HEALTHY),
        (set(range(12)), set(range(12)), RoutingRule.MULTIVALUE_NOBODY_HEALTHY),
    ],
)
def test_of_more_than_eight_chance_picks_eight(
    unhealthy: set[int], candidates: set[int], rule: RoutingRule
) -> None:
    group = group_of(12)
    choice = choose_with(group, unhealthy)
    assert {len(draw) for draw in choice.draws} == {MULTIVALUE_LIMIT}
    assert set(chain.from_iterable(choice.draws)) == {group[number] for number in candidates}
    assert choice.reason.rule is rule
    assert set(choice.reason.chosen) == {group[number].key for number in candidates}


@given(count=st.integers(1, 100), size=st.integers(1, 100))
def test_over_all_draws_each_candidate_appears_equally_often_in_each_place(count: int, size: int) -> None:
    draws = draws_of(range(count), size)
    for place in zip(*draws, strict=True):
        assert Counter(place) == Counter(range(count))
    assert all(len(set(draw)) == len(draw) for draw in draws)
