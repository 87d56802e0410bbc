"""Which records a failover asks for."""

from __future__ import annotations

from typing import Any

import pytest

from stillup.plan.setup import AliasTarget
from tests.plan.typed import asked, typed

CHECK = {"path": "/health"}
PUBLIC = {"address": "203.0.113.10", "check": CHECK}
BOTH = {"addresses": ["203.0.113.10", "2001:db8::10"], "check": CHECK}
NAMED = {"name": "origin.example.net", "check": CHECK}
BALANCER = {"alias": {"zone-id": "ZLB", "name": "lb.amazonaws.com", "types": ["A", "AAAA"]}}

TABLE: list[tuple[str, dict[str, Any], dict[str, Any], set[tuple[str, str, str]]]] = [
    (
        "an address and a folder",
        PUBLIC,
        {"folder": "site"},
        {("PRIMARY", "A", "203.0.113.10"), ("SECONDARY", "A", "s3-website-us-east-1.amazonaws.com")},
    ),
    (
        "an address and a bucket",
        PUBLIC,
        {"bucket": "www.example.com", "region": "eu-west-3"},
        {("PRIMARY", "A", "203.0.113.10"), ("SECONDARY", "A", "s3-website.eu-west-3.amazonaws.com")},
    ),
    (
        "two families and two families",
        BOTH,
        {"addresses": ["198.51.100.1", "198.51.100.2", "2001:db8::20"]},
        {
            ("PRIMARY", "A", "203.0.113.10"),
            ("PRIMARY", "AAAA", "2001:db8::10"),
            ("SECONDARY", "A", "198.51.100.1 198.51.100.2"),
            ("SECONDARY", "AAAA", "2001:db8::20"),
        },
    ),
    (
        "a standby with IPv6 beside a primary without it",
        PUBLIC,
        {"addresses": ["198.51.100.1", "2001:db8::20"]},
        {("PRIMARY", "A", "203.0.113.10"), ("SECONDARY", "A", "198.51.100.1")},
    ),
    (
        "a name and a name",
        NAMED,
        {"name": "other.example.org"},
        {("PRIMARY", "CNAME", "origin.example.net"), ("SECONDARY", "CNAME", "other.example.org")},
    ),
    (
        "a name and a folder",
        NAMED,
        {"folder": "site"},
        {
            ("PRIMARY", "CNAME", "origin.example.net"),
            ("SECONDARY", "CNAME", "www.example.com.s3-website-us-east-1.amazonaws.com"),
        },
    ),
    (
        "an alias of both types and a folder",
        BALANCER,
        {"folder": "site"},
        {
            ("PRIMARY", "A", "lb.amazonaws.com"),
            ("PRIMARY", "AAAA", "lb.amazonaws.com"),
            ("SECONDARY", "A", "s3-website-us-east-1.amazonaws.com"),
        },
    ),
    (
        "what cannot stand beside each other is shown as it was typed",
        PUBLIC,
        {"name": "other.example.org"},
        {("PRIMARY", "A", "203.0.113.10"), ("SECONDARY", "CNAME", "other.example.org")},
    ),
]


@pytest.mark.parametrize(
    ("primary", "standby", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_each_pair_of_targets_has_its_records(
    primary: dict[str, Any], standby: dict[str, Any], expected: set[tuple[str, str, str]]
) -> None:
    records = asked(typed(primary=primary, standby=standby)).records
    found = {
        (str(each.failover), each.type, each.alias.dns_name if each.alias else " ".join(each.values))
        for each in records
    }
    assert found == expected
    assert len(records) == len(expected)


def test_the_bucket_is_reached_by_the_bare_endpoint_of_its_region() -> None:
    """AL-7."""
    _, standby = asked().records
    assert standby.alias == AliasTarget("Z3AQBSTGFYJSTF", "s3-website-us-east-1.amazonaws.com", False)
    assert standby.ttl is None
    assert standby.check is None


def test_a_region_that_is_not_known_has_no_zone_id() -> None:
    *_, standby = asked(typed(standby={"folder": "site", "region": "mars-north-1"})).records
    assert standby.alias == AliasTarget("", "s3-website.mars-north-1.amazonaws.com", False)


def test_records_are_told_apart_by_names_of_ours_and_only_the_primary_names_a_check() -> None:
    primary, standby = asked().records
    assert (primary.set_identifier, standby.set_identifier) == ("stillup-primary", "stillup-secondary")
    assert (primary.check, standby.check) == ("primary", None)


@pytest.mark.parametrize(
    ("keys", "ttl"),
    [
        ({}, 30),
        ({"ttl": 5}, 5),
        ({"primary": {**PUBLIC, "check": {"interval": "10s"}}}, 10),
        ({"primary": {**PUBLIC, "check": {"interval": "2m"}}}, 60),
    ],
)
def test_the_ttl_is_the_one_given_or_that_of_the_pace(keys: dict[str, Any], ttl: int) -> None:
    assert asked(typed(**keys)).records[0].ttl == ttl
