"""Which members of a group answer: one function for each routing policy (2.1 … 2.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from stillup.rules.ids import HealthCheckId
from stillup.rules.records import FailoverRole, RecordSet
from stillup.rules.resolution import Reason, RoutingRule
from stillup.rules.routing.health import HEALTHY_FOR_EVER, Health

MULTIVALUE_LIMIT: Final = 8
"""How many members of a multivalue group one response holds (2.3)."""

HealthOf: TypeAlias = Callable[[RecordSet], Health]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, why, and the health checks that could change it.

    `draws` are equally right; where there are several, chance decides between them for each query, by their
    `weights`, or, where there are none, without preference. Each weight is above 0.
    """

    draws: tuple[tuple[RecordSet, ...], ...]
    reason: Reason
    depends_on: frozenset[HealthCheckId] = frozenset()
    weights: tuple[int, ...] = ()


def choose(group: Sequence[RecordSet], health_of: HealthOf) -> Choice:
    """Choose from all record sets of one name and type: at least one, all of one policy (RT-14).

    | the group has              | policy      |
    |----------------------------|-------------|
    | members with a `Failover`  | failover    |
    | members with MultiValue    | multivalue  |
    | members with a `Weight`    | weighted    |
    | members with a GeoLocation | geolocation |
    | none of these              | simple      |

    The one location there is so far is the default one, which no two members share: it answers everybody, and
    its health does not matter, since of all unhealthy locations the most specific one answers (2.3).
    """
    if group[0].failover is not None:
        return _choose_failover(group, health_of)
    if group[0].multivalue:
        return _choose_multivalue(group, health_of)
    if group[0].weight is not None:
        return _choose_weighted(group, health_of)
    if group[0].geolocation is not None:
        return _only(group[0], RoutingRule.GEOLOCATION_DEFAULT)
    return _only(group[0], RoutingRule.SIMPLE)


def _choose_failover(group: Sequence[RecordSet], health_of: HealthOf) -> Choice:
    """Choose by table 2.1: one record set, never both (RT-6).

    | primary   | secondary | answer    |
    |-----------|-----------|-----------|
    | absent    | any       | secondary |
    | any       | absent    | primary   |
    | healthy   | any       | primary   |
    | unhealthy | healthy   | secondary |
    | unhealthy | unhealthy | primary   |

    A secondary without a health check is always healthy, so the last row needs one.
    """
    members = {member.failover: member for member in group}
    primary = members.get(FailoverRole.PRIMARY)
    secondary = members.get(FailoverRole.SECONDARY)
    if primary is None or secondary is None:
        return _only(group[0], RoutingRule.FAILOVER_ONLY_MEMBER)

    first, second = health_of(primary), health_of(secondary)
    if first == HEALTHY_FOR_EVER:
        return _only(primary, RoutingRule.FAILOVER_PRIMARY_HEALTHY)
    depends_on = first.depends_on | second.depends_on
    if first.healthy:
        return _one(primary, RoutingRule.FAILOVER_PRIMARY_HEALTHY, (), depends_on)
    if second.healthy:
        return _one(secondary, RoutingRule.FAILOVER_SECONDARY_HEALTHY, first.against, depends_on)
    against = _unique((*first.against, *second.against))
    return _one(primary, RoutingRule.FAILOVER_NOBODY_HEALTHY, against, depends_on)


def _choose_multivalue(group: Sequence[RecordSet], health_of: HealthOf) -> Choice:
    """Choose up to eight members (2.3).

    | healthy members | answer                                  |
    |-----------------|-----------------------------------------|
    | 1 to 8          | all of them                             |
    | more            | any eight of them                       |
    | none            | up to eight of all, as if all were well |
    """
    healths = [health_of(member) for member in group]
    healthy = tuple(member for member, health in zip(group, healths, strict=True) if health.healthy)
    depends_on = frozenset[HealthCheckId]().union(*(health.depends_on for health in healths))
    against = _unique(check for health in healths for check in health.against)
    rule = RoutingRule.MULTIVALUE_HEALTHY if healthy else RoutingRule.MULTIVALUE_NOBODY_HEALTHY
    candidates = healthy or tuple(group)
    reason = Reason(rule, tuple(member.key for member in candidates), against)
    return Choice(draws_of(candidates, MULTIVALUE_LIMIT), reason, depends_on)


def _choose_weighted(group: Sequence[RecordSet], health_of: HealthOf) -> Choice:
    """Choose one member, as often as its share of the weights (2.3).

    | members with a weight | members of weight zero | answer                                            |
    |-----------------------|------------------------|---------------------------------------------------|
    | some healthy          | any                    | a healthy one of weight, by weight                |
    | none, or none healthy | some healthy           | a healthy one of weight zero, each equally often  |
    | some, none healthy    | none healthy           | any one of weight, by weight, as if all were well |
    | none                  | none healthy           | any one, each equally often, as if all were well  |

    Members of weight zero do not matter beside one of weight that cannot fail.
    """
    weighty, weightless = _split(group)
    asked = [(member, health_of(member)) for member in weighty]
    if all(health != HEALTHY_FOR_EVER for _, health in asked):
        asked += [(member, health_of(member)) for member in weightless]
    well, well_weightless = _split([member for member, health in asked if health.healthy])
    candidates = well or well_weightless or weighty or weightless
    if well or (well_weightless and not weighty):
        rule = RoutingRule.WEIGHTED_HEALTHY
    elif well_weightless:
        rule = RoutingRule.WEIGHTED_ZERO_HEALTHY
    else:
        rule = RoutingRule.WEIGHTED_NOBODY_HEALTHY
    weights = tuple(member.weight or 0 for member in candidates)
    against = _unique(check for _, health in asked for check in health.against)
    return Choice(
        draws=tuple((member,) for member in candidates),
        reason=Reason(rule, tuple(member.key for member in candidates), against),
        depends_on=frozenset[HealthCheckId]().union(*(health.depends_on for _, health in asked)),
        weights=weights if len(set(weights)) > 1 else (),
    )


def _split(members: Sequence[RecordSet]) -> tuple[list[RecordSet], list[RecordSet]]:
    """Those with a weight, and those of weight zero."""
    return [each for each in members if each.weight], [each for each in members if not each.weight]


def draws_of(candidates: Sequence[_T], size: int) -> tuple[tuple[_T, ...], ...]:
    """As many draws of up to `size` candidates as there are candidates, each candidate leading one.

    The draws are the windows of a ring, so that over all of them each candidate appears equally often in
    each place. Independent throws of a die would only approach that, and the rule would need the die.
    """
    ring = (*candidates, *candidates)
    length = min(size, len(candidates))
    return tuple(tuple(ring[start : start + length]) for start in range(len(candidates)))


def _only(record_set: RecordSet, rule: RoutingRule) -> Choice:
    """Where nothing else can be chosen, health does not matter (RT-10)."""
    return _one(record_set, rule, (), frozenset())


def _one(
    record_set: RecordSet,
    rule: RoutingRule,
    against: tuple[HealthCheckId, ...],
    depends_on: frozenset[HealthCheckId],
) -> Choice:
    return Choice(((record_set,),), Reason(rule, (record_set.key,), against), depends_on)


def _unique(checks: Iterable[HealthCheckId]) -> tuple[HealthCheckId, ...]:
    return tuple(dict.fromkeys(checks))
