"""Weighted groups (2.3), row by row, and geolocation's default location."""

from __future__ import annotations

import pytest

from stillup.rules.records import RecordSet
from stillup.rules.resolution import RoutingRule
from stillup.rules.routing import Choice, Health, choose
from tests.by_hand import check, for_everywhere, simple, weighted

HEALTHY, ZERO_HEALTHY, NOBODY_HEALTHY = (
    RoutingRule.WEIGHTED_HEALTHY,
    RoutingRule.WEIGHTED_ZERO_HEALTHY,
    RoutingRule.WEIGHTED_NOBODY_HEALTHY,
)


def group_of(*weights: int) -> tuple[RecordSet, ...]:
    return tuple(
        weighted(simple("www.example.com", "A", f"192.0.2.{number}"), weight, f"c{number}")
        for number, weight in enumerate(weights)
    )


def choose_with(
    group: tuple[RecordSet, ...], *, down: str = "", unchecked: str = ""
) -> tuple[dict[int, int], Choice]:
    """The numbers of the members that may answer with their weights, 1 where there are none; and the choice."""

    def health_of(member: RecordSet) -> Health:
        own = member.health_check_id
        assert own is not None
        if own[1:] in unchecked:
            return Health(healthy=True)
        healthy = own[1:] not in down
        return Health(healthy, () if healthy else (own,), frozenset({own}))

    choice = choose(group, health_of)
    numbers = [group.index(member) for (member,) in choice.draws]
    return dict(zip(numbers, choice.weights or (1,) * len(numbers), strict=True)), choice


@pytest.mark.parametrize(
    ("weights", "down", "answering", "rule"),
    [
        ((1, 3), "", {0: 1, 1: 3}, HEALTHY),
        ((5, 5), "", {0: 1, 1: 1}, HEALTHY),
        ((1, 3, 4), "1", {0: 1, 2: 4}, HEALTHY),
        ((1, 0, 0), "", {0: 1}, HEALTHY),
        ((1, 3, 0), "0", {1: 1}, HEALTHY),
        ((1, 3, 0, 0), "01", {2: 1, 3: 1}, ZERO_HEALTHY),
        ((1, 3, 0, 0), "013", {2: 1}, ZERO_HEALTHY),
        ((1, 3, 0), "012", {0: 1, 1: 3}, NOBODY_HEALTHY),
        ((7,), "0", {0: 1}, NOBODY_HEALTHY),
        ((0, 0, 0), "", {0: 1, 1: 1, 2: 1}, HEALTHY),
        ((0, 0, 0), "1", {0: 1, 2: 1}, HEALTHY),
        ((0, 0), "01", {0: 1, 1: 1}, NOBODY_HEALTHY),
        ((0, 255), "", {1: 1}, HEALTHY),
    ],
)
def test_a_weighted_group_answers_by_the_table(
    weights: tuple[int, ...], down: str, answering: dict[int, int], rule: RoutingRule
) -> None:
    group = group_of(*weights)
    found, choice = choose_with(group, down=down)
    assert found == answering
    assert choice.reason.rule is rule
    assert choice.reason.chosen == tuple(group[number].key for number in answering)
    assert set(choice.reason.unhealthy) == {check(f"c{number}") for number in down}
    assert choice.depends_on == {check(f"c{number}") for number in range(len(weights))}


def test_members_of_weight_zero_do_not_matter_beside_one_that_cannot_fail() -> None:
    found, choice = choose_with(group_of(1, 2, 0), down="02", unchecked="1")
    assert found == {1: 1}
    assert choice.depends_on == {"c0"}
    assert choice.reason.unhealthy == ("c0",)


@pytest.mark.parametrize("healthy", [True, False])
def test_the_default_location_answers_everybody_whatever_its_health(healthy: bool) -> None:
    record_set = for_everywhere(simple("www.example.com", "A", "192.0.2.1"), "c")
    choice = choose((record_set,), lambda _: Health(healthy))
    assert choice.draws == ((record_set,),)
    assert choice.reason.rule is RoutingRule.GEOLOCATION_DEFAULT
    assert choice.depends_on == frozenset()
