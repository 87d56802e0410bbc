"""Record sets and zones written by hand, with dnspython to turn text into RDATA."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import dns.rdata
import dns.rdataclass
import dns.rdatatype

from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.records import AliasTarget, FailoverRole, GeoLocation, Rdata, RecordSet, RecordType
from stillup.rules.zones.zone import HostedZone

ZONE_ID = HostedZoneId("Z1")
APEX = "example.com"
SOA = "ns-1.awsdns-1.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
NAME_SERVER = "ns-1.awsdns-1.com."
PRIMARY, SECONDARY = FailoverRole.PRIMARY, FailoverRole.SECONDARY


def name(text: str) -> DomainName:
    return DomainName.from_text(text)


def check(label: str) -> HealthCheckId:
    return HealthCheckId(label)


def rdata(record_type: str, text: str) -> Rdata:
    parsed = dns.rdata.from_text("IN", record_type, text, relativize=False)
    return Rdata(text, parsed.to_wire() or b"")


def simple(owner: str, record_type: str, *texts: str, ttl: int = 300) -> RecordSet:
    """A simple record set; every further policy is a `replace` away."""
    return RecordSet(
        name(owner),
        RecordType(record_type),
        ttl=ttl,
        records=tuple(rdata(record_type, text) for text in texts),
    )


def alias(
    owner: str, target: str, *, record_type: str = "A", evaluate: bool = True, zone_id: str = ZONE_ID
) -> RecordSet:
    return RecordSet(
        name(owner),
        RecordType(record_type),
        alias=AliasTarget(HostedZoneId(zone_id), name(target), evaluate),
    )


def failover(record_set: RecordSet, role: FailoverRole, health_check: str | None = None) -> RecordSet:
    return replace(
        record_set,
        failover=role,
        set_identifier=role.lower(),
        health_check_id=None if health_check is None else check(health_check),
    )


def multivalue(owner: str, record_type: str, text: str, health_check: str | None = None) -> RecordSet:
    return replace(
        simple(owner, record_type, text),
        multivalue=True,
        set_identifier=text,
        health_check_id=None if health_check is None else check(health_check),
    )


def weighted(
    record_set: RecordSet, weight: int, health_check: str | None = None, *, identifier: str | None = None
) -> RecordSet:
    """A member of a weighted group, known by its first value if it is given no identifier."""
    return replace(
        record_set,
        weight=weight,
        set_identifier=identifier or record_set.records[0].text,
        health_check_id=None if health_check is None else check(health_check),
    )


def for_everywhere(record_set: RecordSet, health_check: str | None = None) -> RecordSet:
    """The geolocation record set of the default location."""
    return replace(
        record_set,
        geolocation=GeoLocation("*"),
        set_identifier="default",
        health_check_id=None if health_check is None else check(health_check),
    )


def website_alias(owner: str, record_type: str = "A") -> RecordSet:
    """An alias to the S3 website endpoint of us-east-1, as the guide sets it up."""
    return alias(
        owner,
        "s3-website-us-east-1.amazonaws.com",
        record_type=record_type,
        evaluate=False,
        zone_id="Z3AQBSTGFYJSTF",
    )


def zone(*record_sets: RecordSet, apex: str = APEX, zone_id: str = ZONE_ID) -> HostedZone:
    """A zone of these record sets, with the default SOA and NS where none is given."""
    defaults = (
        simple(apex, "NS", NAME_SERVER, ttl=172800),
        simple(apex, "SOA", SOA, ttl=900),
    )
    given = {each.key for each in record_sets}
    return HostedZone(
        HostedZoneId(zone_id),
        name(apex),
        caller_reference=zone_id,
        comment="",
        name_servers=(name(NAME_SERVER),),
        nodes=nodes(*(each for each in defaults if each.key not in given), *record_sets),
    )


def nodes(*record_sets: RecordSet) -> dict[DomainName, tuple[RecordSet, ...]]:
    by_name: dict[DomainName, list[RecordSet]] = defaultdict(list)
    for each in record_sets:
        by_name[each.name].append(each)
    return {owner: in_order(sets) for owner, sets in by_name.items()}


def in_order(record_sets: Iterable[RecordSet]) -> tuple[RecordSet, ...]:
    """By type, then by SetIdentifier (LS-1)."""
    return tuple(sorted(record_sets, key=lambda each: (each.type, each.set_identifier or "")))
