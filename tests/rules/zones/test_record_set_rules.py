"""What one record set must be like (RT-2, AL-3, AL-4, NM-4, DN-6, CH-4, HC-45)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.ids import HealthCheckId
from stillup.rules.records import RecordSet
from stillup.rules.refusal import Refusal
from tests.by_hand import (
    PRIMARY,
    SECONDARY,
    SOA,
    alias,
    failover,
    multivalue,
    name,
    rdata,
    simple,
    website_alias,
    zone,
)
from tests.rules.zones.batches import CHECK, apply, create, delete, refused

A = simple("www.example.com", "A", "192.0.2.1")
NS = simple("sub.example.com", "NS", "ns.example.net.")


@pytest.mark.parametrize(
    ("record_set", "reason"),
    [
        (A, None),
        (simple("*.example.com", "A", "192.0.2.1"), None),
        (simple("example.com", "A", "192.0.2.1"), None),
        (simple("sub.example.com", "DS", "1 13 2 " + "ab" * 32), None),
        (website_alias("example.com"), None),
        (NS, None),
        (
            simple("www.evilexample.com", "A", "192.0.2.1"),
            "RRSet with DNS name www.evilexample.com. is not permitted in zone example.com.",
        ),
        (
            simple("www.example.com", "SOA", SOA),
            (
                "RRSet of type SOA with DNS name www.example.com. is not permitted"
                " because SOA belongs at apex in zone example.com."
            ),
        ),
        (
            simple("example.com", "CNAME", "www.example.com."),
            "RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.",
        ),
        (
            replace(NS, name=name("*.example.com")),
            (
                r"RRSet of type NS with DNS name \052.example.com. is not permitted"
                " at a wildcard in zone example.com."
            ),
        ),
        (
            alias("sub.example.com", "other.example.com", record_type="NS"),
            "RRSet with DNS name sub.example.com., type NS cannot be an alias",
        ),
        (
            failover(NS, SECONDARY),
            "RRSet with DNS name sub.example.com., type NS cannot have a routing policy",
        ),
        (
            replace(website_alias("www.example.com"), multivalue=True, set_identifier="x"),
            (
                "RRSet with DNS name www.example.com., type A cannot have MultiValueAnswer,"
                " which is not for aliases, CNAME and NS"
            ),
        ),
        (
            multivalue("www.example.com", "CNAME", "a.example.com."),
            (
                "RRSet with DNS name www.example.com., type CNAME cannot have MultiValueAnswer,"
                " which is not for aliases, CNAME and NS"
            ),
        ),
        (
            failover(A, PRIMARY),
            "A non-alias primary ResourceRecordSet must have an associated health check. No changes made.",
        ),
        (failover(A, PRIMARY, CHECK), None),
        (failover(A, SECONDARY), None),
        (failover(website_alias("www.example.com"), PRIMARY), None),
        (
            simple("www.example.com", "CNAME", "a.example.com.", "b.example.com."),
            "RRSet of type CNAME with DNS name www.example.com. must have exactly one record.",
        ),
        (
            simple("www.example.com", "A", "192.0.2.1", "192.0.2.2", "192.0.2.1"),
            "Duplicate Resource Record: '192.0.2.1'",
        ),
        (
            simple("www.example.com", "AAAA", "2001:db8::1", "2001:DB8:0::1"),
            "Duplicate Resource Record: '2001:DB8:0::1'",
        ),
    ],
)
def test_a_record_set_is_judged_by_itself(record_set: RecordSet, reason: str | None) -> None:
    reasons = refused(zone(), create(record_set))
    assert [each for each in reasons if not each.startswith("Tried to create an alias")] == (
        [] if reason is None else [reason]
    )


def test_a_record_set_has_at_most_400_values() -> None:
    values = tuple(rdata("A", f"10.0.{each // 256}.{each % 256}") for each in range(401))
    assert refused(zone(), create(replace(A, records=values[:400]))) == []
    assert refused(zone(), create(replace(A, records=values))) == [
        "Cannot have more than 400 records in a RRSet."
    ]


def test_an_unknown_health_check_is_an_error_of_its_own() -> None:
    unknown = replace(A, health_check_id=HealthCheckId("nope"))
    assert apply(zone(), create(unknown)) == Refusal(
        "NoSuchHealthCheck", ("A health check with id nope does not exist.",)
    )


def test_an_unknown_health_check_is_one_reason_among_others() -> None:
    unknown = replace(A, health_check_id=HealthCheckId("nope"))
    outcome = apply(zone(), create(unknown), delete(simple("x.example.com", "A", "192.0.2.1")))
    assert isinstance(outcome, Refusal)
    assert outcome.code == "InvalidChangeBatch"
    assert len(outcome.reasons) == 2


def test_a_record_of_a_deleted_health_check_can_be_deleted() -> None:
    """HC-44."""
    dangling = replace(A, health_check_id=HealthCheckId("gone"))
    assert refused(zone(dangling), delete(dangling)) == []
