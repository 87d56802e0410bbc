"""Hosted zones through their operations (HZ-1 … HZ-5); every output is held against botocore's model."""

from __future__ import annotations

from typing import Any

import pytest

from stillup.engine.api.call import ApiSettings
from stillup.wire.aws.messages import AwsError
from tests.engine.api.route53.zone_api import ZoneApi, values


@pytest.fixture
def api() -> ZoneApi:
    return ZoneApi()


async def refusal(api: ZoneApi, operation: str, **parameters: Any) -> str:
    with pytest.raises(AwsError) as caught:
        await api.call(operation, **parameters)
    return caught.value.code


async def test_a_new_zone_is_described_with_its_servers_and_its_url(api: ZoneApi) -> None:
    made = await api.call(
        "CreateHostedZone",
        Name="Example.COM",
        CallerReference="r",
        HostedZoneConfig={"Comment": "mine", "PrivateZone": False},
    )
    zone = made["HostedZone"]
    assert zone["Name"] == "example.com."
    assert zone["Config"] == {"Comment": "mine", "PrivateZone": False}
    assert zone["ResourceRecordSetCount"] == 2
    assert made["ChangeInfo"]["Status"] == "PENDING"
    assert made["Location"] == f"http://127.0.0.1:4566/2013-04-01{zone['Id']}"
    servers = made["DelegationSet"]["NameServers"]
    assert [server.split(".", 2)[2] for server in servers] == ["com", "net", "org", "co.uk"]
    read = await api.call("GetHostedZone", Id=zone["Id"].removeprefix("/hostedzone/"))
    assert read == {"HostedZone": zone, "DelegationSet": made["DelegationSet"]}


async def test_the_operators_name_servers_stand_in_the_zone() -> None:
    api = ZoneApi(settings=ApiSettings(name_servers=("ns1.example.net", "ns2.example.net.")))
    zone_id = await api.create_zone()
    read = await api.call("GetHostedZone", Id=zone_id)
    listed = await api.call("ListResourceRecordSets", HostedZoneId=zone_id)
    assert read["DelegationSet"]["NameServers"] == ["ns1.example.net", "ns2.example.net"]
    assert [record["Value"] for record in listed["ResourceRecordSets"][0]["ResourceRecords"]] == [
        "ns1.example.net.",
        "ns2.example.net.",
    ]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"Name": "com"}, "InvalidDomainName"),
        ({"Name": "a..com"}, "InvalidDomainName"),
        ({"CallerReference": "reference 0"}, "HostedZoneAlreadyExists"),
        ({"VPC": {"VPCRegion": "us-east-1", "VPCId": "vpc-1"}}, "InvalidInput"),
        ({"HostedZoneConfig": {"PrivateZone": True}}, "InvalidInput"),
        ({"DelegationSetId": "N1"}, "NoSuchDelegationSet"),
    ],
)
async def test_what_is_no_public_zone_is_refused(api: ZoneApi, parameters: dict[str, Any], code: str) -> None:
    await api.create_zone()
    given = {"Name": "example.org", "CallerReference": "new", **parameters}
    assert await refusal(api, "CreateHostedZone", **given) == code
    assert len(api.worlds.current.zones) == 1


@pytest.mark.parametrize(
    ("operation", "key"),
    [
        ("GetHostedZone", "Id"),
        ("DeleteHostedZone", "Id"),
        ("UpdateHostedZoneComment", "Id"),
        ("ListResourceRecordSets", "HostedZoneId"),
        ("GetDNSSEC", "HostedZoneId"),
    ],
)
async def test_an_unknown_zone_is_said_to_be_unknown(api: ZoneApi, operation: str, key: str) -> None:
    with pytest.raises(AwsError, match="No hosted zone found with ID: Z9") as caught:
        await api.call(operation, **{key: "Z9"})
    assert caught.value.code == "NoSuchHostedZone"


async def test_a_comment_is_set_and_taken_away(api: ZoneApi) -> None:
    zone_id = await api.create_zone()
    set_to = await api.call("UpdateHostedZoneComment", Id=zone_id, Comment="new")
    assert set_to["HostedZone"]["Config"]["Comment"] == "new"
    cleared = await api.call("UpdateHostedZoneComment", Id=zone_id)
    assert "Comment" not in cleared["HostedZone"]["Config"]


async def test_a_zone_goes_when_it_is_empty(api: ZoneApi) -> None:
    """HZ-3."""
    zone_id = await api.create_zone()
    record = values("www.example.com", "A", "192.0.2.1")
    await api.change(zone_id, ("CREATE", record))
    assert await refusal(api, "DeleteHostedZone", Id=zone_id) == "HostedZoneNotEmpty"
    await api.change(zone_id, ("DELETE", record))
    gone = await api.call("DeleteHostedZone", Id=zone_id)
    assert gone["ChangeInfo"]["Status"] == "PENDING"
    assert await refusal(api, "GetHostedZone", Id=zone_id) == "NoSuchHostedZone"
    assert await api.call("GetHostedZoneCount") == {"HostedZoneCount": 0}


async def test_zones_are_listed_page_by_page(api: ZoneApi) -> None:
    """HZ-5."""
    made = {await api.create_zone(f"{label}.example.com") for label in "abcde"}
    seen, marker = [], {}
    while True:
        page = await api.call("ListHostedZones", MaxItems="2", **marker)
        seen += [zone["Id"].removeprefix("/hostedzone/") for zone in page["HostedZones"]]
        assert page["MaxItems"] == "2"
        if not page["IsTruncated"]:
            assert "NextMarker" not in page
            break
        marker = {"Marker": page["NextMarker"]}
    assert len(seen) == 5
    assert set(seen) == made


async def test_zones_are_listed_by_name_page_by_page(api: ZoneApi) -> None:
    for name in ("b.com", "a.org", "z.a.com", "a.com"):
        await api.create_zone(name)
    first = await api.call("ListHostedZonesByName", MaxItems="3")
    assert [zone["Name"] for zone in first["HostedZones"]] == ["a.com.", "z.a.com.", "b.com."]
    assert (first["IsTruncated"], first["NextDNSName"]) == (True, "a.org.")
    rest = await api.call(
        "ListHostedZonesByName", DNSName=first["NextDNSName"], HostedZoneId=first["NextHostedZoneId"]
    )
    assert [zone["Name"] for zone in rest["HostedZones"]] == ["a.org."]
    assert (rest["DNSName"], rest["HostedZoneId"]) == ("a.org.", first["NextHostedZoneId"])
    assert not rest["IsTruncated"]


async def test_a_zone_is_found_by_its_name(api: ZoneApi) -> None:
    """What `aws route53 list-hosted-zones-by-name --dns-name example.com --max-items 1` does."""
    await api.create_zone("example.com")
    found = await api.call("ListHostedZonesByName", DNSName="example.com", MaxItems="1")
    assert [zone["Name"] for zone in found["HostedZones"]] == ["example.com."]


async def test_there_are_no_private_zones(api: ZoneApi) -> None:
    await api.create_zone()
    page = await api.call("ListHostedZones", HostedZoneType="PrivateHostedZone")
    assert page["HostedZones"] == []


@pytest.mark.parametrize(
    ("operation", "parameters", "code"),
    [
        ("ListHostedZones", {"MaxItems": "none"}, "InvalidInput"),
        ("ListHostedZones", {"MaxItems": "0"}, "InvalidInput"),
        ("ListHostedZones", {"DelegationSetId": "N1"}, "NoSuchDelegationSet"),
        ("ListHostedZonesByName", {"HostedZoneId": "Z1"}, "InvalidInput"),
        ("ListHostedZonesByName", {"DNSName": "a..b"}, "InvalidDomainName"),
    ],
)
async def test_a_listing_without_sense_is_refused(
    api: ZoneApi, operation: str, parameters: dict[str, Any], code: str
) -> None:
    assert await refusal(api, operation, **parameters) == code


async def test_a_page_is_never_longer_than_aws_allows(api: ZoneApi) -> None:
    page = await api.call("ListHostedZones", MaxItems="1000")
    assert page["MaxItems"] == "100"


async def test_no_zone_is_signed(api: ZoneApi) -> None:
    """DS-1: Terraform asks before it destroys."""
    zone_id = await api.create_zone()
    assert await api.call("GetDNSSEC", HostedZoneId=zone_id) == {
        "Status": {"ServeSignature": "NOT_SIGNING"},
        "KeySigningKeys": [],
    }


async def test_limits_are_told_with_what_is_used_of_them(api: ZoneApi) -> None:
    zone_id = await api.create_zone()
    in_zone = await api.call("GetHostedZoneLimit", HostedZoneId=zone_id, Type="MAX_RRSETS_BY_ZONE")
    assert (in_zone["Limit"]["Value"], in_zone["Count"]) == (10_000, 2)
    zones = await api.call("GetAccountLimit", Type="MAX_HOSTED_ZONES_BY_OWNER")
    assert (zones["Limit"]["Value"], zones["Count"]) == (500, 1)
    checks = await api.call("GetAccountLimit", Type="MAX_HEALTH_CHECKS_BY_OWNER")
    assert (checks["Limit"]["Value"], checks["Count"]) == (200, 0)
    vpcs = {"HostedZoneId": zone_id, "Type": "MAX_VPCS_ASSOCIATED_BY_ZONE"}
    assert await refusal(api, "GetHostedZoneLimit", **vpcs) == "HostedZoneNotPrivate"
    assert await refusal(api, "GetAccountLimit", Type="MAX_TRAFFIC_POLICIES_BY_OWNER") == "InvalidInput"
