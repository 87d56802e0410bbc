"""What one record set must be like, whatever else is in the zone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from stillup.rules.ids import HealthCheckId
from stillup.rules.names import DomainName
from stillup.rules.records import FailoverRole, RecordSet, RecordType

MAX_VALUES: Final = 400
"""Values in one record set (CH-4)."""

_SIMPLE_ONLY: Final = frozenset((RecordType.NS, RecordType.SOA))
_NO_ALIAS: Final = frozenset((RecordType.NS, RecordType.SOA))
_NO_MULTIVALUE: Final = frozenset((RecordType.CNAME, RecordType.NS))
_ONE_VALUE: Final = frozenset((RecordType.CNAME, RecordType.SOA))


def problems_with_record_set(zone_name: DomainName, record_set: RecordSet) -> tuple[str, ...]:
    """All that is wrong with a record set that shall be in a zone of this name; the texts of 2.7.

    | record set                              | fact |
    |-----------------------------------------|------|
    | name outside the zone                   | 2.7  |
    | SOA elsewhere than at the apex          | DN-6 |
    | CNAME at the apex                       | AL-4 |
    | NS at a wildcard                        | NM-4 |
    | NS or SOA as an alias                   | AL-3 |
    | NS or SOA in a routing group            | DN-6 |
    | multivalue alias, CNAME or NS           | 2.3  |
    | PRIMARY with values but no health check | RT-2 |
    | more than 400 values                    | CH-4 |
    | CNAME or SOA with more than one value   | 2.7  |
    | a value given twice                     | RFC 2181 §5 |
    """
    if not record_set.name.is_under(zone_name):
        return (f"RRSet with DNS name {record_set.name} is not permitted in zone {zone_name}",)
    return (
        *_problems_with_place(zone_name, record_set),
        *_problems_with_routing(record_set),
        *_problems_with_values(record_set),
    )


def unknown_health_check(record_set: RecordSet, known: Collection[HealthCheckId]) -> str | None:
    """The text for a HealthCheckId that names no check (HC-45)."""
    if record_set.health_check_id is None or record_set.health_check_id in known:
        return None
    return f"A health check with id {record_set.health_check_id} does not exist."


def _problems_with_place(zone_name: DomainName, record_set: RecordSet) -> list[str]:
    at_apex = record_set.name == zone_name
    misplaced = []
    if record_set.type is RecordType.SOA and not at_apex:
        misplaced.append("because SOA belongs at apex")
    if record_set.type is RecordType.CNAME and at_apex:
        misplaced.append("at apex")
    if record_set.type is RecordType.NS and record_set.name.is_wildcard:
        misplaced.append("at a wildcard")
    return [
        f"RRSet of type {record_set.type} with DNS name {record_set.name} is not permitted {where}"
        f" in zone {zone_name}"
        for where in misplaced
    ]


def _problems_with_routing(record_set: RecordSet) -> list[str]:
    is_alias = record_set.alias is not None
    cannot = []
    if is_alias and record_set.type in _NO_ALIAS:
        cannot.append("be an alias")
    if record_set.set_identifier is not None and record_set.type in _SIMPLE_ONLY:
        cannot.append("have a routing policy")
    elif record_set.multivalue and (is_alias or record_set.type in _NO_MULTIVALUE):
        cannot.append("have MultiValueAnswer, which is not for aliases, CNAME and NS")
    problems = [
        f"RRSet with DNS name {record_set.name}, type {record_set.type} cannot {what}" for what in cannot
    ]
    if record_set.failover is FailoverRole.PRIMARY and not is_alias and record_set.health_check_id is None:
        problems.append(
            "A non-alias primary ResourceRecordSet must have an associated health check. No changes made."
        )
    return problems


def _problems_with_values(record_set: RecordSet) -> list[str]:
    values = record_set.records
    problems = []
    if len(values) > MAX_VALUES:
        problems.append(f"Cannot have more than {MAX_VALUES} records in a RRSet.")
    if len(values) > 1 and record_set.type in _ONE_VALUE:
        problems.append(
            f"RRSet of type {record_set.type} with DNS name {record_set.name} must have exactly one record."
        )
    seen: set[bytes] = set()
    for value in values:
        if value.wire in seen:
            problems.append(f"Duplicate Resource Record: '{value.text}'")
        seen.add(value.wire)
    return problems
