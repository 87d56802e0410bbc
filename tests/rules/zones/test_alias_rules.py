"""What an alias may target (AL-1 … AL-9), row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.records import RecordSet
from stillup.rules.zones.s3_endpoints import ENDPOINT_NAMES, ENDPOINT_ZONE_IDS
from tests.by_hand import PRIMARY, SECONDARY, alias, failover, simple, website_alias, zone
from tests.rules.zones.batches import after, create, delete, refused, upsert

TARGET = simple("target.example.com", "A", "192.0.2.1")
S3 = "Z3AQBSTGFYJSTF"
ENDPOINT = "s3-website-us-east-1.amazonaws.com"


def tried(target: str, zone_id: str, record_type: str = "A") -> str:
    return f"Tried to create an alias that targets {target}., type {record_type} in zone {zone_id}, "


ELSEWHERE = "but the alias target name does not lie within the target zone"
MISSING = "but that target was not found"


@pytest.mark.parametrize(
    ("zone_id", "target", "record_type", "problems"),
    [
        ("Z1", "target.example.com", "A", []),
        ("Z1", "target.example.com", "AAAA", [MISSING]),
        ("Z1", "nowhere.example.com", "A", [MISSING]),
        ("Z1", "target.example.net", "A", [ELSEWHERE, MISSING]),
        ("Z1", ENDPOINT, "A", [ELSEWHERE, MISSING]),
        (S3, ENDPOINT, "A", []),
        (S3, f"www.example.com.{ENDPOINT}", "A", []),
        (S3, ENDPOINT, "AAAA", [MISSING]),
        (S3, "s3-website-us-west-1.amazonaws.com", "A", [ELSEWHERE, MISSING]),
        (S3, "target.example.com", "A", [ELSEWHERE, MISSING]),
        ("Z2", "target.example.com", "A", [ELSEWHERE, MISSING]),
        ("Z2", ENDPOINT, "A", [ELSEWHERE, MISSING]),
    ],
)
def test_an_alias_targets_its_own_zone_or_a_website_endpoint(
    zone_id: str, target: str, record_type: str, problems: list[str]
) -> None:
    pointing = alias("www.example.com", target, record_type=record_type, zone_id=zone_id)
    assert refused(zone(TARGET), create(pointing)) == [
        tried(target, zone_id, record_type) + problem for problem in problems
    ]


@pytest.mark.parametrize(
    ("zone_id", "target"),
    [
        ("Z2FDTNDATAQYW2", "d111111abcdef8.cloudfront.net"),
        ("Z2BJ6XQ5FK7U4H", "a1234567890abcdef.awsglobalaccelerator.com"),
        ("Z35SXDOTRQ7X7K", "my-loadbalancer-1234567890.us-east-1.elb.amazonaws.com"),
    ],
)
def test_other_services_are_refused_clearly(zone_id: str, target: str) -> None:
    (reason,) = refused(zone(), create(alias("www.example.com", target, zone_id=zone_id)))
    assert reason.startswith(tried(target, zone_id) + "but this engine does not route to that yet:")


@pytest.mark.parametrize("region", ENDPOINT_NAMES)
def test_the_website_endpoint_of_every_region_is_a_target(region: str) -> None:
    """Table 3.1, with both zone ids where the published tables disagree."""
    for zone_id in ENDPOINT_ZONE_IDS[region]:
        pointing = alias("www.example.com", ENDPOINT_NAMES[region].to_text(), zone_id=zone_id)
        assert refused(zone(), create(pointing)) == []


def test_evaluate_target_health_is_free_for_both_kinds_of_target() -> None:
    """AL-5."""
    both = (
        failover(alias("www.example.com", "target.example.com", evaluate=True), PRIMARY),
        failover(website_alias("www.example.com"), SECONDARY),
    )
    assert after(zone(TARGET), *map(create, both)) == zone(TARGET, *both)


def test_an_alias_may_come_before_its_target_in_the_batch() -> None:
    pointing = alias("www.example.com", "target.example.com")
    assert after(zone(), create(pointing), create(TARGET)) == zone(pointing, TARGET)


def test_an_alias_may_not_target_what_the_batch_deletes() -> None:
    pointing = alias("www.example.com", "target.example.com")
    assert refused(zone(TARGET), create(pointing), delete(TARGET)) == [
        tried("target.example.com", "Z1") + MISSING
    ]


def test_an_alias_may_target_an_alias_and_a_group() -> None:
    group = (
        failover(alias("pool.example.com", "target.example.com"), PRIMARY),
        failover(website_alias("pool.example.com"), SECONDARY),
    )
    pointing = alias("www.example.com", "pool.example.com")
    assert refused(zone(TARGET, *group), create(pointing)) == []


@pytest.mark.parametrize(
    ("there", "written", "blamed"),
    [
        ([], [alias("a.example.com", "a.example.com")], ["a"]),
        (
            [],
            [alias("a.example.com", "b.example.com"), alias("b.example.com", "a.example.com")],
            ["b", "a"],
        ),
        (
            [TARGET, alias("a.example.com", "b.example.com"), alias("b.example.com", "target.example.com")],
            [replace(alias("target.example.com", "a.example.com"))],
            ["a"],
        ),
        (
            [TARGET, failover(alias("a.example.com", "target.example.com"), PRIMARY)],
            [failover(alias("a.example.com", "a.example.com"), SECONDARY)],
            ["a"],
        ),
        (
            [TARGET],
            [alias("a.example.com", "target.example.com"), alias("b.example.com", "a.example.com")],
            [],
        ),
    ],
)
def test_no_alias_answers_for_itself(
    there: list[RecordSet], written: list[RecordSet], blamed: list[str]
) -> None:
    assert refused(zone(*there), *map(upsert, written)) == [
        tried(f"{each}.example.com", "Z1") + "but that target leads back to the alias" for each in blamed
    ]


@pytest.mark.slow
def test_a_long_chain_of_aliases_is_followed_to_its_end() -> None:
    chain = [alias(f"a{each}.example.com", f"a{each + 1}.example.com") for each in range(2000)]
    end = simple("a2000.example.com", "A", "192.0.2.1")
    assert refused(zone(end), *map(create, chain)) == []
    closing = alias("a2000.example.com", "a0.example.com")
    assert len(refused(zone(), *map(create, [*chain, closing]))) == 2001
