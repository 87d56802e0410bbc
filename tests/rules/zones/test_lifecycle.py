"""Zones come and go (HZ-1 … HZ-3)."""

from __future__ import annotations

from dataclasses import replace

import dns.rdata
import dns.rdataclass
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.changes import ZoneCreated, ZoneDeleted
from stillup.rules.ids import HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.records import RecordType
from stillup.rules.refusal import Refusal
from stillup.rules.zones.lifecycle import create_zone, delete_zone
from stillup.rules.zones.name_servers import default_name_servers
from stillup.rules.zones.zone import HostedZone
from tests.by_hand import name, simple, zone
from tests.rules.zones.batches import SUBMISSION

SERVERS = default_name_servers(bytes(range(8)))


def create(
    zone_name: str, *, reference: str = "new", beside: tuple[HostedZone, ...] = ()
) -> ZoneCreated | Refusal:
    return create_zone(
        {each.id: each for each in beside},
        zone_id=HostedZoneId("ZNEW"),
        name=name(zone_name),
        caller_reference=reference,
        comment="a comment",
        name_servers=SERVERS,
        submission=SUBMISSION,
    )


THERE = zone(apex="example.com", zone_id="Z1")


@pytest.mark.parametrize(
    ("zone_name", "reference", "code", "message"),
    [
        ("example.com", "new", None, None),
        ("example.org", "new", None, None),
        ("sub.example.com", "new", None, None),
        (
            "example.org",
            "Z1",
            "HostedZoneAlreadyExists",
            "A hosted zone has already been created with the specified caller reference.",
        ),
        ("com", "new", "InvalidDomainName", "com is reserved by AWS!"),
        (".", "new", "InvalidDomainName", ". is reserved by AWS!"),
        (
            "*.example.com",
            "new",
            "InvalidDomainName",
            "The name of a hosted zone must not begin with '*'.",
        ),
    ],
)
def test_a_zone_is_created_or_refused(
    zone_name: str, reference: str, code: str | None, message: str | None
) -> None:
    outcome = create(zone_name, reference=reference, beside=(THERE,))
    if code is None:
        assert isinstance(outcome, ZoneCreated)
        assert outcome.zone.name == name(zone_name)
        assert (outcome.zone.caller_reference, outcome.zone.comment) == (reference, "a comment")
    else:
        assert isinstance(outcome, Refusal)
        assert (outcome.code, outcome.message) == (code, message)


def test_there_are_at_most_500_zones() -> None:
    zones = tuple(
        replace(THERE, id=HostedZoneId(f"Z{each}"), caller_reference=str(each)) for each in range(500)
    )
    assert isinstance(create("example.org", beside=zones[:499]), ZoneCreated)
    outcome = create("example.org", beside=zones)
    assert isinstance(outcome, Refusal)
    assert outcome.code == "TooManyHostedZones"


def test_a_zone_is_born_with_name_servers_and_soa() -> None:
    """HZ-2, read by dnspython."""
    outcome = create("example.com")
    assert isinstance(outcome, ZoneCreated)
    servers, soa = outcome.zone.nodes[name("example.com")]
    assert (servers.type, servers.ttl, soa.type, soa.ttl) == (RecordType.NS, 172_800, RecordType.SOA, 900)
    assert [each.text for each in servers.records] == [each.to_text() for each in SERVERS]
    assert soa.records[0].text == (f"{SERVERS[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400")
    for each in (*servers.records, *soa.records):
        code = RecordType.NS.code if each in servers.records else RecordType.SOA.code
        read = dns.rdata.from_wire(dns.rdataclass.IN, code, each.wire, 0, len(each.wire))
        assert read.to_text() == each.text


@given(st.binary(min_size=8, max_size=8))
def test_default_servers_follow_the_scheme_of_aws(chance: bytes) -> None:
    servers = default_name_servers(chance)
    endings = ("com", "net", "org", "co.uk")
    for index, (server, ending) in enumerate(zip(servers, endings, strict=True)):
        host, block = (label.decode().split("-")[1] for label in server.labels[:2])
        assert server.is_under(DomainName.from_text(ending))
        assert index * 512 <= int(host) < (index + 1) * 512
        assert int(block) == int(host) % 512 // 8


@pytest.mark.parametrize(
    ("extra", "fine"),
    [
        ((), True),
        ((simple("www.example.com", "A", "192.0.2.1"),), False),
        ((simple("example.com", "TXT", '"x"'),), False),
    ],
)
def test_only_an_empty_zone_is_deleted(extra: tuple[object, ...], fine: bool) -> None:
    """HZ-3."""
    outcome = delete_zone(zone(*extra), SUBMISSION)
    if fine:
        assert outcome == ZoneDeleted(HostedZoneId("Z1"), SUBMISSION)
    else:
        assert isinstance(outcome, Refusal)
        assert outcome.code == "HostedZoneNotEmpty"
