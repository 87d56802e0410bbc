"""Whether a record set counts as healthy (2.2).

A record set:

| HealthCheckId | alias with EvaluateTargetHealth | healthy if                 |
|---------------|---------------------------------|----------------------------|
| none          | no                              | always (RT-9)              |
| set           | no                              | its check is healthy       |
| none          | yes                             | its target is              |
| set           | yes                             | its check and target are   |

The target of an alias:

| target                                 | healthy if                                             |
|----------------------------------------|--------------------------------------------------------|
| outside the zone: an S3 website (AL-5) | always                                                 |
| record sets of the zone                | at least one of them is healthy, by these two tables   |
| nothing (the name and type are gone)   | never                                                  |

Aliases that lead back to themselves have no bottom. Route 53 says nothing of them; here health must come from
somewhere: a circle is healthy only if a check, or a member without one, outside the circle makes it so (the least
fixed point of the tables). That does not depend on where the evaluation starts.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Final, TypeAlias

from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet, RecordType

StatusOf: TypeAlias = Callable[[HealthCheckId], Status]
GroupOf: TypeAlias = Callable[[DomainName, RecordType], tuple[RecordSet, ...]]
"""The record sets of a name and type in the zone; none if there are none."""

_Branch: TypeAlias = tuple[DomainName, RecordType]
_Branches: TypeAlias = dict[_Branch, tuple[RecordSet, ...]]
_Says: TypeAlias = Callable[[HealthCheckId], bool]


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a record set is healthy, the unhealthy checks behind it if not, and all that could change it."""

    healthy: bool
    against: tuple[HealthCheckId, ...] = ()
    depends_on: frozenset[HealthCheckId] = frozenset()


HEALTHY_FOR_EVER: Final = Health(healthy=True)


def health_of(
    record_set: RecordSet, *, zone_id: HostedZoneId, group_of: GroupOf, status_of: StatusOf
) -> Health:
    """Evaluate a record set of this zone by the tables above."""

    def is_healthy(check: HealthCheckId) -> bool:
        return status_of(check) is Status.HEALTHY

    branches = _branches_below(record_set, zone_id, group_of)
    certain = _healthy_branches(branches, zone_id, _unhealthy_whatever_it_is)
    if _is_healthy(record_set, zone_id, certain, _unhealthy_whatever_it_is):
        return HEALTHY_FOR_EVER
    open_to_change = _branches_below(record_set, zone_id, group_of, settled=certain)
    members = (record_set, *(each for branch in open_to_change.values() for each in branch))
    depends_on = frozenset(each.health_check_id for each in members if each.health_check_id is not None)
    if _is_healthy(record_set, zone_id, _healthy_branches(branches, zone_id, is_healthy), is_healthy):
        return Health(healthy=True, depends_on=depends_on)
    against = tuple(sorted(check for check in depends_on if not is_healthy(check)))
    return Health(healthy=False, against=against, depends_on=depends_on)


def _is_healthy(
    record_set: RecordSet, zone_id: HostedZoneId, healthy: Container[_Branch], says: _Says
) -> bool:
    check = record_set.health_check_id
    branch = _evaluated_branch(record_set, zone_id)
    return (check is None or says(check)) and (branch is None or branch in healthy)


def _healthy_branches(branches: _Branches, zone_id: HostedZoneId, says: _Says) -> set[_Branch]:
    """The branches with a healthy member, from the bottom up until no more are found."""
    healthy: set[_Branch] = set()
    while True:
        found_before = len(healthy)
        for branch, members in reversed(branches.items()):
            if branch not in healthy and any(_is_healthy(each, zone_id, healthy, says) for each in members):
                healthy.add(branch)
        if len(healthy) == found_before:
            return healthy


def _branches_below(
    record_set: RecordSet,
    zone_id: HostedZoneId,
    group_of: GroupOf,
    settled: Container[_Branch] = frozenset(),
) -> _Branches:
    """What the record set's health is asked of, nearest first; settled branches are not asked."""
    branches: _Branches = {}
    to_visit = [record_set]
    for member in to_visit:
        branch = _evaluated_branch(member, zone_id)
        if branch is not None and branch not in branches and branch not in settled:
            branches[branch] = group_of(*branch)
            to_visit.extend(branches[branch])
    return branches


def _evaluated_branch(record_set: RecordSet, zone_id: HostedZoneId) -> _Branch | None:
    """The record sets of the zone whose health the record set takes on."""
    alias = record_set.alias
    if alias is None or not alias.evaluate_target_health or alias.zone_id != zone_id:
        return None
    return alias.dns_name, record_set.type


def _unhealthy_whatever_it_is(_check: HealthCheckId) -> bool:
    return False
