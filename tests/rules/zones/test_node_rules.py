"""Which record sets may stand beside each other (AL-4, RT-5, RT-14, CH-7), row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.records import RecordSet
from stillup.rules.zones.change_batch import AnyChange
from tests.by_hand import (
    APEX,
    NAME_SERVER,
    PRIMARY,
    SECONDARY,
    SOA,
    failover,
    for_everywhere,
    multivalue,
    simple,
    weighted,
    zone,
)
from tests.rules.zones.batches import CHECK, after, create, delete, refused, upsert

A = simple("www.example.com", "A", "192.0.2.1")
AAAA = simple("www.example.com", "AAAA", "2001:db8::1")
CNAME = simple("www.example.com", "CNAME", "a.example.com.")
ONE = failover(A, PRIMARY, CHECK)
TWO = failover(A, SECONDARY)
MANY = multivalue("www.example.com", "A", "192.0.2.7")
HEAVY = weighted(A, 10)
ANYWHERE = for_everywhere(A)

CNAME_BESIDE_OTHERS = (
    "RRSet of type CNAME with DNS name www.example.com. is not permitted"
    " as it conflicts with other records with the same DNS name in zone example.com."
)
A_BESIDE_CNAME = (
    "RRSet of type A with DNS name www.example.com. is not permitted because a conflicting RRSet"
    " of type CNAME with the same DNS name already exists in zone example.com."
)
SIMPLE_BESIDE_OTHERS = (
    "RRSet with DNS name www.example.com., type A"
    " cannot be created as other RRSets exist with the same name and type."
)
LOCATION_TAKEN = (
    "RRSet with DNS name www.example.com., type A, SetIdentifier again, and routing to [country = *]"
    " cannot be created because an RRSet for this location with the same name and type already exists."
)


def member_beside(shown: str, other: str) -> str:
    return (
        f"RRSet with DNS name www.example.com., type A, SetIdentifier {shown}"
        f" cannot be created because a {other} RRSet with the same name and type already exists."
    )


@pytest.mark.parametrize(
    ("there", "written", "reasons"),
    [
        (A, CNAME, [CNAME_BESIDE_OTHERS]),
        (CNAME, A, [A_BESIDE_CNAME]),
        (ONE, A, [SIMPLE_BESIDE_OTHERS]),
        (MANY, A, [SIMPLE_BESIDE_OTHERS]),
        (A, ONE, [member_beside("primary, and Failover=PRIMARY", "non-failover")]),
        (A, MANY, [member_beside("192.0.2.7, and MultiValueAnswer=true", "non-multivalue")]),
        (ONE, MANY, [member_beside("192.0.2.7, and MultiValueAnswer=true", "non-multivalue")]),
        (MANY, TWO, [member_beside("secondary, and Failover=SECONDARY", "non-failover")]),
        (
            ONE,
            replace(ONE, set_identifier="again"),
            [member_beside("again, and Failover=PRIMARY", "PRIMARY")],
        ),
        (
            TWO,
            replace(TWO, set_identifier="again"),
            [member_beside("again, and Failover=SECONDARY", "SECONDARY")],
        ),
        (ONE, HEAVY, [member_beside("192.0.2.1, and Weight=10", "non-weighted")]),
        (HEAVY, MANY, [member_beside("192.0.2.7, and MultiValueAnswer=true", "non-multivalue")]),
        (HEAVY, ANYWHERE, [member_beside("default, and routing to [country = *]", "non-GEO")]),
        (
            ANYWHERE,
            replace(ANYWHERE, set_identifier="again"),
            [LOCATION_TAKEN],
        ),
        (HEAVY, replace(HEAVY, set_identifier="another", weight=0), []),
        (AAAA, ANYWHERE, []),
        (ONE, TWO, []),
        (MANY, replace(MANY, set_identifier="another"), []),
        (A, AAAA, []),
        (AAAA, ONE, []),
    ],
)
def test_what_a_record_set_may_stand_beside(there: RecordSet, written: RecordSet, reasons: list[str]) -> None:
    assert refused(zone(there), create(written)) == reasons
    assert refused(zone(there), upsert(written)) == reasons


def test_only_what_the_batch_writes_is_blamed() -> None:
    assert refused(zone(CNAME), create(A), create(AAAA)) == [
        A_BESIDE_CNAME,
        A_BESIDE_CNAME.replace("type A ", "type AAAA "),
    ]


def test_both_are_blamed_when_both_are_new() -> None:
    assert refused(zone(), create(CNAME), create(A)) == [CNAME_BESIDE_OTHERS, A_BESIDE_CNAME]


@pytest.mark.parametrize(
    ("there", "written"),
    [(CNAME, A), (A, CNAME), (A, ONE), (ONE, A), (MANY, ONE), (HEAVY, ANYWHERE)],
    ids=str,
)
def test_one_batch_may_put_something_in_the_place_of_its_opposite(
    there: RecordSet, written: RecordSet
) -> None:
    """CH-2: the end state counts, in either order."""
    assert after(zone(there), delete(there), create(written)) == zone(written)
    assert after(zone(there), create(written), delete(there)) == zone(written)


def test_a_routing_group_has_at_most_100_members() -> None:
    members = [multivalue("www.example.com", "A", f"192.0.2.{each}") for each in range(101)]
    assert refused(zone(*members[:99]), create(members[99])) == []
    (reason,) = refused(zone(*members[:100]), create(members[100]))
    assert "more than 100 RRSets with the same name and type" in reason


NO_SOA = "A HostedZone must contain exactly one SOA record."
NO_NS = "A HostedZone must contain at least one NS record for the zone itself."
APEX_NS = simple(APEX, "NS", NAME_SERVER, ttl=172800)
APEX_SOA = simple(APEX, "SOA", SOA, ttl=900)


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ([delete(APEX_SOA)], [NO_SOA]),
        ([delete(APEX_NS)], [NO_NS]),
        ([delete(APEX_NS), delete(APEX_SOA)], [NO_NS, NO_SOA]),
        ([delete(APEX_NS), create(simple(APEX, "NS", "ns.example.net."))], []),
        ([upsert(simple(APEX, "SOA", SOA, ttl=60))], []),
        ([create(simple(APEX, "TXT", '"hello"'))], []),
    ],
)
def test_the_apex_keeps_its_soa_and_ns(changes: list[AnyChange], reasons: list[str]) -> None:
    """CH-7."""
    assert refused(zone(), *changes) == reasons
