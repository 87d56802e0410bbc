"""Which record sets may stand beside each other at one name, and what the apex must hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from stillup.rules.records import RecordSet, RecordSetKey, RecordType
from stillup.rules.zones.draft import Draft, Reason

MAX_GROUP: Final = 100
"""Record sets in a routing group (CH-4)."""


def clashes(draft: Draft) -> Iterator[Reason]:
    """What is wrong with the names that the batch touches.

    | a record set that the batch writes | beside it                          | outcome           |
    |------------------------------------|------------------------------------|-------------------|
    | CNAME                              | any other type                     | conflict (AL-4)   |
    | any other type                     | CNAME                              | conflict          |
    | simple                             | any set of the same type           | conflict          |
    | a member of a routing group        | same type, simple or other policy  | conflict (RT-14)  |
    | failover                           | same type, same role               | conflict (RT-5)   |
    | geolocation                        | same type, same location           | conflict (2.3)    |
    | the 101st of its type              | 100 of the same policy             | refused (CH-4)    |
    | anything else                      | anything else                      | fine              |
    """
    for node in draft.nodes.values():
        types = {each.type for each in node}
        for _, group in groupby(node, key=lambda each: each.type):
            yield from _clashes_in_group(draft, tuple(group), types)


def incomplete_apex(draft: Draft) -> Iterator[Reason]:
    """The apex must keep its SOA and an NS (CH-7)."""
    apex = draft.zone.name
    if apex not in draft.nodes:
        return
    for record_type, text in (
        (RecordType.SOA, "A HostedZone must contain exactly one SOA record."),
        (RecordType.NS, "A HostedZone must contain at least one NS record for the zone itself."),
    ):
        if not draft.group(apex, record_type):
            yield Reason(draft.removed[RecordSetKey(apex, record_type)], text)


def _clashes_in_group(draft: Draft, group: tuple[RecordSet, ...], types: set[RecordType]) -> Iterator[Reason]:
    policies = {_policy(each) for each in group}
    roles = [each.failover for each in group]
    locations = [each.geolocation for each in group]
    for each in group:
        position = draft.written.get(each.key)
        if position is None:
            continue
        if len(types) > 1 and RecordType.CNAME in types:
            yield Reason(position, _cname_conflict(draft, each))
        if len(group) == 1:
            continue
        if each.set_identifier is None:
            yield Reason(
                position,
                f"{_shown(each)} cannot be created as other RRSets exist with the same name and type.",
            )
        elif len(policies) > 1:
            yield Reason(
                position,
                f"{_shown(each)} cannot be created because a non-{_policy(each)} RRSet"
                " with the same name and type already exists.",
            )
        elif each.failover is not None and roles.count(each.failover) > 1:
            yield Reason(
                position,
                f"{_shown(each)} cannot be created because a {each.failover} RRSet"
                " with the same name and type already exists.",
            )
        elif each.geolocation is not None and locations.count(each.geolocation) > 1:
            yield Reason(
                position,
                f"{_shown(each)} cannot be created because an RRSet for this location"
                " with the same name and type already exists.",
            )
        elif len(group) > MAX_GROUP:
            yield Reason(
                position,
                f"{_shown(each)} cannot be created as there are more than {MAX_GROUP} RRSets"
                " with the same name and type.",
            )


def _cname_conflict(draft: Draft, record_set: RecordSet) -> str:
    this = f"RRSet of type {record_set.type} with DNS name {record_set.name} is not permitted"
    if record_set.type is RecordType.CNAME:
        return f"{this} as it conflicts with other records with the same DNS name in zone {draft.zone.name}"
    return (
        f"{this} because a conflicting RRSet of type CNAME with the same DNS name already exists"
        f" in zone {draft.zone.name}"
    )


def _policy(record_set: RecordSet) -> str:
    if record_set.failover is not None:
        return "failover"
    if record_set.weight is not None:
        return "weighted"
    if record_set.geolocation is not None:
        return "GEO"
    return "multivalue" if record_set.multivalue else "simple"


def _shown(record_set: RecordSet) -> str:
    this = f"RRSet with DNS name {record_set.name}, type {record_set.type}"
    if record_set.set_identifier is None:
        return this
    return f"{this}, SetIdentifier {record_set.set_identifier}, and {_policy_shown(record_set)}"


def _policy_shown(record_set: RecordSet) -> str:
    if record_set.failover is not None:
        return f"Failover={record_set.failover}"
    if record_set.weight is not None:
        return f"Weight={record_set.weight}"
    if record_set.geolocation is not None:
        return f"routing to [country = {record_set.geolocation.country_code}]"
    return "MultiValueAnswer=true"
