"""Hosted zones come and go (HZ-1 … HZ-3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.rules.changes import ZoneCreated, ZoneDeleted
from stillup.rules.ids import HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.records import RecordType
from stillup.rules.refusal import Refusal
from stillup.rules.zones.name_servers import default_record_sets
from stillup.rules.zones.zone import HostedZone, Submission

MAX_ZONES: Final = 500
"""Hosted zones in an account (CH-4)."""

_BORN_WITH: Final = frozenset((RecordType.NS, RecordType.SOA))


def find_zone(zones: Mapping[HostedZoneId, HostedZone], zone_id: HostedZoneId) -> HostedZone | Refusal:
    """The zone with this id, or NoSuchHostedZone."""
    zone = zones.get(zone_id)
    return zone or Refusal.because("NoSuchHostedZone", f"No hosted zone found with ID: {zone_id}")


def create_zone(
    zones: Mapping[HostedZoneId, HostedZone],
    *,
    zone_id: HostedZoneId,
    name: DomainName,
    caller_reference: str,
    comment: str,
    name_servers: tuple[DomainName, ...],
    submission: Submission,
) -> ZoneCreated | Refusal:
    """A new public zone with its NS and SOA, beside those that are there.

    | name or reference                  | outcome                 |
    |------------------------------------|-------------------------|
    | reference of a zone that exists    | HostedZoneAlreadyExists |
    | root or top-level domain           | InvalidDomainName       |
    | wildcard (NM-4)                    | InvalidDomainName       |
    | 500 zones exist                    | TooManyHostedZones      |
    | name of a zone that exists         | a second zone (HZ-1)    |
    | anything else                      | a zone                  |
    """
    if any(zone.caller_reference == caller_reference for zone in zones.values()):
        return Refusal.because(
            "HostedZoneAlreadyExists",
            "A hosted zone has already been created with the specified caller reference.",
        )
    if len(name.labels) < 2:
        shown = name.to_text().removesuffix(".") or "."
        return Refusal.because("InvalidDomainName", f"{shown} is reserved by AWS!")
    if name.is_wildcard:
        return Refusal.because("InvalidDomainName", "The name of a hosted zone must not begin with '*'.")
    if len(zones) >= MAX_ZONES:
        return Refusal.because(
            "TooManyHostedZones", f"Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER is {MAX_ZONES}."
        )
    nodes = {name: default_record_sets(name, name_servers)}
    zone = HostedZone(zone_id, name, caller_reference, comment, name_servers, nodes)
    return ZoneCreated(zone, submission)


def delete_zone(zone: HostedZone, submission: Submission) -> ZoneDeleted | Refusal:
    """The zone's end, if nothing but its NS and SOA is left in it (HZ-3)."""
    left = zone.nodes.keys() - {zone.name}
    if left or any(each.type not in _BORN_WITH for each in zone.nodes[zone.name]):
        return Refusal.because(
            "HostedZoneNotEmpty",
            "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
        )
    return ZoneDeleted(zone.id, submission)
