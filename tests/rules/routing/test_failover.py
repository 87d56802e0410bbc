"""Table 2.1, row by row, and what each choice says about itself."""

from __future__ import annotations

import pytest

from stillup.rules.records import RecordSet
from stillup.rules.resolution import RoutingRule
from stillup.rules.routing import Health, choose
from tests.by_hand import PRIMARY, SECONDARY, check, failover, simple

UP = Health(healthy=True, depends_on=frozenset({check("p")}))
DOWN = Health(healthy=False, against=(check("p"),), depends_on=frozenset({check("p")}))
BACKUP_UP = Health(healthy=True, depends_on=frozenset({check("s")}))
BACKUP_DOWN = Health(healthy=False, against=(check("s"),), depends_on=frozenset({check("s")}))
UNCHECKED = Health(healthy=True)

primary = failover(simple("www.example.com", "A", "192.0.2.1"), PRIMARY, "p")
secondary = failover(simple("www.example.com", "A", "192.0.2.2"), SECONDARY, "s")


@pytest.mark.parametrize(
    ("first", "second", "answer", "rule", "against"),
    [
        (UP, BACKUP_UP, primary, RoutingRule.FAILOVER_PRIMARY_HEALTHY, ()),
        (UP, BACKUP_DOWN, primary, RoutingRule.FAILOVER_PRIMARY_HEALTHY, ()),
        (UP, UNCHECKED, primary, RoutingRule.FAILOVER_PRIMARY_HEALTHY, ()),
        (UNCHECKED, BACKUP_UP, primary, RoutingRule.FAILOVER_PRIMARY_HEALTHY, ()),
        (DOWN, BACKUP_UP, secondary, RoutingRule.FAILOVER_SECONDARY_HEALTHY, ("p",)),
        (DOWN, UNCHECKED, secondary, RoutingRule.FAILOVER_SECONDARY_HEALTHY, ("p",)),
        (DOWN, BACKUP_DOWN, primary, RoutingRule.FAILOVER_NOBODY_HEALTHY, ("p", "s")),
    ],
)
def test_a_pair_answers_by_the_table(
    first: Health, second: Health, answer: RecordSet, rule: RoutingRule, against: tuple[str, ...]
) -> None:
    healths = {primary.key: first, secondary.key: second}
    choice = choose((primary, secondary), lambda member: healths[member.key])
    assert choice.draws == ((answer,),)
    assert choice.reason.rule is rule
    assert choice.reason.chosen == (answer.key,)
    assert choice.reason.unhealthy == against


@pytest.mark.parametrize("member", [primary, secondary], ids=["primary", "secondary"])
def test_the_only_member_answers_whatever_its_health(member: RecordSet) -> None:
    choice = choose((member,), lambda _: DOWN)
    assert choice.draws == ((member,),)
    assert choice.reason.rule is RoutingRule.FAILOVER_ONLY_MEMBER
    assert choice.depends_on == frozenset()


def test_a_pair_depends_on_the_checks_of_both() -> None:
    healths = {primary.key: UP, secondary.key: BACKUP_UP}
    choice = choose((primary, secondary), lambda member: healths[member.key])
    assert choice.depends_on == {"p", "s"}


def test_the_checks_of_the_secondary_do_not_matter_beside_a_primary_that_cannot_fail() -> None:
    healths = {primary.key: UNCHECKED, secondary.key: BACKUP_DOWN}
    choice = choose((primary, secondary), lambda member: healths[member.key])
    assert choice.depends_on == frozenset()


def test_a_simple_record_set_answers_whatever_its_health() -> None:
    record_set = simple("www.example.com", "A", "192.0.2.1", "192.0.2.2")
    choice = choose((record_set,), lambda _: DOWN)
    assert choice.draws == ((record_set,),)
    assert choice.reason.rule is RoutingRule.SIMPLE
    assert choice.depends_on == frozenset()
