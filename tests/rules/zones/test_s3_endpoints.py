"""S3 website endpoints by table 3.1."""

from __future__ import annotations

import pytest

from stillup.rules.names import DomainName
from stillup.rules.zones.s3_endpoints import (
    ENDPOINT_NAMES,
    ENDPOINT_ZONE_IDS,
    is_website_zone_id,
    website_endpoint,
)


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [
        ("s3-website-us-east-1.amazonaws.com", ("us-east-1", None)),
        ("www.example.com.s3-website-us-east-1.amazonaws.com", ("us-east-1", "www.example.com")),
        ("S3-Website-SA-East-1.AmazonAWS.com.", ("sa-east-1", None)),
        ("s3-website.eu-west-3.amazonaws.com", ("eu-west-3", None)),
        ("a.b.s3-website.eu-west-3.amazonaws.com", ("eu-west-3", "a.b")),
        ("s3-website.cn-north-1.amazonaws.com.cn", ("cn-north-1", None)),
        ("shop.s3-website.cn-north-1.amazonaws.com.cn", ("cn-north-1", "shop")),
        ("s3-website.us-east-1.amazonaws.com", None),
        ("s3-website-eu-west-3.amazonaws.com", None),
        ("s3-website.cn-north-1.amazonaws.com", None),
        ("s3-website-mars-1.amazonaws.com", None),
        ("s3.us-east-1.amazonaws.com", None),
        ("example.com", None),
        (".", None),
    ],
)
def test_a_website_endpoint_is_recognised_with_and_without_a_bucket(
    name: str, endpoint: tuple[str, str | None] | None
) -> None:
    assert website_endpoint(DomainName.from_text(name)) == endpoint


@pytest.mark.parametrize("region", ENDPOINT_NAMES)
def test_every_region_has_a_recognisable_endpoint_and_a_zone_id(region: str) -> None:
    assert website_endpoint(ENDPOINT_NAMES[region]) == (region, None)
    assert all(map(is_website_zone_id, ENDPOINT_ZONE_IDS[region]))


def test_where_the_published_tables_disagree_both_zone_ids_stand() -> None:
    assert {region for region, ids in ENDPOINT_ZONE_IDS.items() if len(ids) > 1} == {
        "af-south-1",
        "eu-south-1",
    }


def test_no_zone_id_belongs_to_two_regions() -> None:
    every = [each for ids in ENDPOINT_ZONE_IDS.values() for each in ids]
    assert len(every) == len(set(every))
    assert len(ENDPOINT_ZONE_IDS) == 36
