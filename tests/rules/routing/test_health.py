"""The health of a record set (2.2), its two tables row by row, nested, and in circles."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId
from stillup.rules.records import RecordSet
from stillup.rules.routing import Health, health_of
from tests.by_hand import (
    PRIMARY,
    SECONDARY,
    alias,
    check,
    failover,
    multivalue,
    name,
    simple,
    website_alias,
    zone,
)

WWW = "www.example.com"


def evaluate(record_set: RecordSet, *others: RecordSet, down: AbstractSet[str] = frozenset()) -> Health:
    hosted = zone(*others)

    def status_of(check_id: HealthCheckId) -> Status:
        return Status.UNHEALTHY if check_id in down else Status.HEALTHY

    return health_of(record_set, zone_id=hosted.id, group_of=hosted.group, status_of=status_of)


VALUE = failover(simple(WWW, "A", "192.0.2.1"), PRIMARY)
CHECKED = failover(simple(WWW, "A", "192.0.2.1"), PRIMARY, "own")
TARGET = failover(simple("target.example.com", "A", "192.0.2.9"), PRIMARY, "target")
EVALUATED = failover(alias(WWW, "target.example.com"), PRIMARY)
BOTH = failover(alias(WWW, "target.example.com"), PRIMARY, "own")
NOT_EVALUATED = failover(alias(WWW, "target.example.com", evaluate=False), PRIMARY)
OWN_ONLY = failover(alias(WWW, "target.example.com", evaluate=False), PRIMARY, "own")


@pytest.mark.parametrize(
    ("record_set", "down", "healthy"),
    [
        (VALUE, {"own", "target"}, True),
        (NOT_EVALUATED, {"own", "target"}, True),
        (CHECKED, set(), True),
        (CHECKED, {"own"}, False),
        (OWN_ONLY, {"target"}, True),
        (OWN_ONLY, {"own"}, False),
        (EVALUATED, {"own"}, True),
        (EVALUATED, {"target"}, False),
        (BOTH, set(), True),
        (BOTH, {"own"}, False),
        (BOTH, {"target"}, False),
        (BOTH, {"own", "target"}, False),
    ],
)
def test_check_and_target_count_where_they_are_set(
    record_set: RecordSet, down: set[str], healthy: bool
) -> None:
    assert evaluate(record_set, TARGET, down=down).healthy is healthy


def test_an_s3_website_is_always_healthy() -> None:
    assert evaluate(website_alias(WWW)) == Health(healthy=True)
    outside = alias(WWW, "s3-website-us-east-1.amazonaws.com", evaluate=True, zone_id="Z3AQBSTGFYJSTF")
    assert evaluate(outside) == Health(healthy=True)


GROUP = (
    multivalue("target.example.com", "A", "192.0.2.1", "a"),
    multivalue("target.example.com", "A", "192.0.2.2", "b"),
)


@pytest.mark.parametrize(
    ("down", "expected"),
    [
        (set(), Health(True, (), frozenset({check("a"), check("b")}))),
        ({"a"}, Health(True, (), frozenset({check("a"), check("b")}))),
        ({"a", "b"}, Health(False, (check("a"), check("b")), frozenset({check("a"), check("b")}))),
    ],
)
def test_a_group_is_healthy_while_one_member_is(down: set[str], expected: Health) -> None:
    assert evaluate(alias(WWW, "target.example.com"), *GROUP, down=down) == expected


def test_a_member_without_a_check_makes_the_branch_healthy_for_ever() -> None:
    """RT-9."""
    unchecked = multivalue("target.example.com", "A", "192.0.2.3")
    health = evaluate(alias(WWW, "target.example.com"), *GROUP, unchecked, down={"a", "b"})
    assert health == Health(healthy=True)


def test_what_lies_behind_a_branch_that_cannot_fail_is_no_dependency() -> None:
    inner = failover(alias("mid.example.com", "target.example.com"), PRIMARY)
    unchecked = failover(simple("mid.example.com", "A", "192.0.2.3"), SECONDARY)
    outer = failover(alias(WWW, "mid.example.com"), PRIMARY, "own")
    health = evaluate(outer, inner, unchecked, *GROUP)
    assert health.depends_on == {"own"}


def test_an_alias_to_nothing_is_never_healthy() -> None:
    assert evaluate(alias(WWW, "nothing.example.com")) == Health(healthy=False)


def test_the_target_is_the_group_of_the_aliass_own_type() -> None:
    assert not evaluate(alias(WWW, "target.example.com", record_type="AAAA"), TARGET).healthy


@pytest.mark.parametrize(("a", "b", "c"), list(product([True, False], repeat=3)))
def test_health_is_recursive_over_nested_aliases(a: bool, b: bool, c: bool) -> None:
    """www → mid (check a, or → leaf), leaf (check b, or check c)."""
    health = evaluate(
        alias(WWW, "mid.example.com"),
        failover(simple("mid.example.com", "A", "192.0.2.1"), PRIMARY, "a"),
        failover(alias("mid.example.com", "leaf.example.com"), SECONDARY),
        failover(simple("leaf.example.com", "A", "192.0.2.2"), PRIMARY, "b"),
        failover(simple("leaf.example.com", "A", "192.0.2.3"), SECONDARY, "c"),
        down={label for label, up in zip("abc", (a, b, c), strict=True) if not up},
    )
    assert health.healthy is (a or b or c)
    assert health.depends_on == {"a", "b", "c"}


def test_an_alias_to_itself_is_unhealthy() -> None:
    circle = alias(WWW, WWW)
    assert evaluate(circle, circle) == Health(healthy=False)


@pytest.mark.parametrize("start", ["one.example.com", "two.example.com"])
@pytest.mark.parametrize("up", [True, False])
def test_a_circle_is_as_healthy_as_what_is_tied_to_it_wherever_one_starts(start: str, up: bool) -> None:
    circle = (
        failover(alias("one.example.com", "two.example.com"), PRIMARY),
        failover(simple("one.example.com", "A", "192.0.2.1"), SECONDARY, "tied"),
        failover(alias("two.example.com", "one.example.com"), PRIMARY),
    )
    first = next(each for each in circle if each.name == name(start) and each.alias is not None)
    health = evaluate(first, *circle, down=set() if up else {"tied"})
    assert health.healthy is up
    assert health.depends_on == {"tied"}


@given(data=st.data())
def test_a_check_that_is_not_named_as_a_dependency_changes_nothing(data: st.DataObject) -> None:
    owners = [f"n{number}.example.com" for number in range(4)]
    checks = ["a", "b", "c"]
    maybe_check = st.sampled_from([None, *checks])
    members = []
    for owner in owners:
        for role in data.draw(st.sampled_from([(PRIMARY,), (SECONDARY,), (PRIMARY, SECONDARY)])):
            leads_to = data.draw(st.sampled_from([None, *owners]))
            plain = simple(owner, "A", "192.0.2.1") if leads_to is None else alias(owner, leads_to)
            members.append(failover(plain, role, data.draw(maybe_check)))
    down = data.draw(st.sets(st.sampled_from(checks)))
    before = evaluate(members[0], *members, down=down)
    flipped = down ^ (set(checks) - before.depends_on)
    assert evaluate(members[0], *members, down=flipped) == before
