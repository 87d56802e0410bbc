"""What clients rely on when they keep zones: read back, page, tag, update, and know an error by its code."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conformance.zones import all_record_sets, change, values

pytestmark = pytest.mark.slow

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def error_of(refusal: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = refusal.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_a_comment_is_changed_and_taken_away(route53: Any, zone: tuple[str, str]) -> None:
    zone_id, _ = zone
    assert route53.get_hosted_zone(Id=zone_id)["HostedZone"]["Config"] == {"PrivateZone": False}
    route53.update_hosted_zone_comment(Id=zone_id, Comment="<new> & old")
    read = route53.get_hosted_zone(Id=zone_id)["HostedZone"]
    assert read["Config"] == {"Comment": "<new> & old", "PrivateZone": False}
    assert read["ResourceRecordSetCount"] == 2
    assert route53.update_hosted_zone_comment(Id=zone_id)["HostedZone"]["Config"] == {"PrivateZone": False}


def test_the_tags_of_a_zone_are_kept(route53: Any, zone: tuple[str, str]) -> None:
    """HC-50; the id with its prefix is as good as without."""
    zone_id, _ = zone
    tags = [{"Key": "team", "Value": "sre"}, {"Key": "empty", "Value": ""}, {"Key": "old", "Value": "x"}]
    route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id, AddTags=tags)
    route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id, RemoveTagKeys=["old"])
    bare = zone_id.removeprefix("/hostedzone/")
    one = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id)["ResourceTagSet"]
    assert one == {"ResourceType": "hostedzone", "ResourceId": bare, "Tags": tags[:2]}
    several = route53.list_tags_for_resources(ResourceType="hostedzone", ResourceIds=[bare])
    assert several["ResourceTagSets"] == [one]


def test_zones_are_paged_by_id_and_by_name(route53: Any, zone: tuple[str, str]) -> None:
    """HZ-5: by name, the listing begins with the name that is asked for, and goes on."""
    zone_id, name = zone
    pages = route53.get_paginator("list_hosted_zones").paginate(PaginationConfig={"PageSize": 1})
    listed = [each for page in pages for each in page["HostedZones"]]
    assert [each["Name"] for each in listed if each["Id"] == zone_id] == [name]
    assert len(listed) == route53.get_hosted_zone_count()["HostedZoneCount"]
    found = route53.list_hosted_zones_by_name(DNSName=name.removesuffix(".").upper(), MaxItems="1")
    assert [each["Id"] for each in found["HostedZones"]] == [zone_id]
    limit = route53.get_hosted_zone_limit(Type="MAX_RRSETS_BY_ZONE", HostedZoneId=zone_id)
    assert (limit["Count"], limit["Limit"]["Value"]) == (2, 10_000)


def test_a_page_has_100_record_sets_unless_more_are_asked_for(route53: Any, zone: tuple[str, str]) -> None:
    """LS-1."""
    zone_id, name = zone
    change(route53, zone_id, "CREATE", *(values(f"{n}.{name}", "A", "192.0.2.1") for n in range(120)))
    page = route53.list_resource_record_sets(HostedZoneId=zone_id)
    assert (len(page["ResourceRecordSets"]), page["MaxItems"], page["IsTruncated"]) == (100, "100", True)
    assert len(all_record_sets(route53, zone_id)) == 122


@pytest.mark.parametrize(
    ("fields", "code", "status"),
    [
        ({"Type": "LOC"}, "InvalidInput", 400),
        ({"TTL": 2**31}, "InvalidInput", 400),
        ({"SetIdentifier": "x"}, "InvalidInput", 400),
        ({"Failover": "PRIMARY"}, "InvalidInput", 400),
        ({"Failover": "SECONDARY", "MultiValueAnswer": True, "SetIdentifier": "x"}, "InvalidInput", 400),
        ({"Failover": "PRIMARY", "SetIdentifier": "x"}, "InvalidChangeBatch", 400),
        (
            {"Failover": "PRIMARY", "SetIdentifier": "x", "HealthCheckId": UNKNOWN},
            "NoSuchHealthCheck",
            404,
        ),
        ({"ResourceRecords": [{"Value": "192.0.2.1"}] * 2}, "InvalidChangeBatch", 400),
        ({"Name": "www.elsewhere.example"}, "InvalidChangeBatch", 400),
    ],
)
def test_a_record_set_is_refused_with_the_code_of_the_model(
    route53: Any, zone: tuple[str, str], fields: dict[str, Any], code: str, status: int
) -> None:
    zone_id, name = zone
    with pytest.raises(ClientError) as refusal:
        change(route53, zone_id, "UPSERT", {**values(f"www.{name}", "A", "192.0.2.1"), **fields})
    assert error_of(refusal) == (code, status)


def test_a_zone_with_records_is_not_deleted(route53: Any, zone: tuple[str, str]) -> None:
    """HZ-3."""
    zone_id, name = zone
    change(route53, zone_id, "CREATE", values(f"www.{name}", "A", "192.0.2.1"))
    with pytest.raises(ClientError) as refusal:
        route53.delete_hosted_zone(Id=zone_id)
    assert error_of(refusal) == ("HostedZoneNotEmpty", 400)


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("update_hosted_zone_comment", {"Id": "Z999"}),
        ("delete_hosted_zone", {"Id": "Z999"}),
        ("list_resource_record_sets", {"HostedZoneId": "Z999"}),
        ("list_tags_for_resource", {"ResourceType": "hostedzone", "ResourceId": "Z999"}),
        ("get_hosted_zone_limit", {"Type": "MAX_RRSETS_BY_ZONE", "HostedZoneId": "Z999"}),
    ],
)
def test_an_unknown_zone_is_not_found(route53: Any, operation: str, parameters: dict[str, str]) -> None:
    with pytest.raises(ClientError) as refusal:
        getattr(route53, operation)(**parameters)
    assert error_of(refusal) == ("NoSuchHostedZone", 404)
