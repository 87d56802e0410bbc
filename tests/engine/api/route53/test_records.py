"""Record sets through their operations; every output is held against botocore's model."""

from __future__ import annotations

from typing import Any

import pytest

from stillup.rules.names import DomainName
from stillup.rules.resolution import Rcode, Resolution, RRset
from stillup.wire.aws.messages import AwsError
from tests.engine.api.route53.zone_api import ZoneApi, values

WWW = values("www.example.com", "A", "192.0.2.1")
S3_ALIAS = {
    "HostedZoneId": "Z3AQBSTGFYJSTF",
    "DNSName": "www.example.com.s3-website-us-east-1.amazonaws.com",
    "EvaluateTargetHealth": False,
}


@pytest.fixture
def api() -> ZoneApi:
    return ZoneApi()


async def listed(api: ZoneApi, zone_id: str, **start: str) -> list[dict[str, Any]]:
    page = await api.call("ListResourceRecordSets", HostedZoneId=zone_id, **start)
    return list(page["ResourceRecordSets"])


async def refused(api: ZoneApi, zone_id: str, *changes: tuple[str, dict[str, Any]]) -> AwsError:
    before = api.worlds.current
    with pytest.raises(AwsError) as caught:
        await api.change(zone_id, *changes)
    assert api.worlds.current is before
    return caught.value


async def test_the_records_of_the_guide_are_created_and_read_back(api: ZoneApi) -> None:
    """Step 3 of the guide, as its JSON has it."""
    zone_id = await api.create_zone()
    check = await api.check()
    primary = values(
        "www.example.com", "A", "203.0.113.10", ttl=60, SetIdentifier="Primary-EC2", Failover="PRIMARY",
        HealthCheckId=check,
    )  # fmt: skip
    secondary = {
        "Name": "www.example.com",
        "Type": "A",
        "SetIdentifier": "Secondary-S3",
        "Failover": "SECONDARY",
        "AliasTarget": S3_ALIAS,
    }
    await api.change(zone_id, ("CREATE", primary), ("CREATE", secondary))
    read = await listed(api, zone_id, StartRecordName="www.example.com")
    dns_name = "www.example.com.s3-website-us-east-1.amazonaws.com."
    assert read == [
        {**primary, "Name": "www.example.com."},
        {**secondary, "Name": "www.example.com.", "AliasTarget": {**S3_ALIAS, "DNSName": dns_name}},
    ]
    await api.change(zone_id, *(("DELETE", each) for each in read))
    assert len(await listed(api, zone_id)) == 2


async def test_members_of_weighted_and_geolocation_groups_are_read_back_and_deleted(api: ZoneApi) -> None:
    zone_id = await api.create_zone()
    given = [
        values(
            "a.example.com",
            "A",
            "192.0.2.1",
            SetIdentifier="heavy",
            Weight=255,
            HealthCheckId=await api.check(),
        ),
        values("a.example.com", "A", "192.0.2.2", SetIdentifier="none", Weight=0),
        values("b.example.com", "A", "192.0.2.3", SetIdentifier="x", GeoLocation={"CountryCode": "*"}),
    ]
    await api.change(zone_id, *(("CREATE", each) for each in given))
    read = await listed(api, zone_id, StartRecordName="a.example.com")
    assert read == [{**each, "Name": each["Name"] + "."} for each in given]
    other = await refused(api, zone_id, ("DELETE", {**read[0], "Weight": 254}))
    assert "do not match the current values" in other.message
    await api.change(zone_id, *(("DELETE", each) for each in read))
    assert len(await listed(api, zone_id)) == 2


async def test_values_come_back_as_they_were_written(api: ZoneApi) -> None:
    zone_id = await api.create_zone()
    given = [
        values("a.example.com", "CNAME", "Target.Example.net"),
        values(r"\052.example.com", "TXT", r'"\303\251" "b"'),
        values("example.com", "MX", "10 mail"),
    ]
    await api.change(zone_id, *(("CREATE", each) for each in given))
    read = {each["Name"]: each for each in await listed(api, zone_id) if each["Type"] not in ("NS", "SOA")}
    for each in given:
        name = each["Name"] + "."
        assert read[name] == {**each, "Name": name}


async def test_a_refused_batch_lists_every_reason_in_the_text_and_as_members(api: ZoneApi) -> None:
    zone_id = await api.create_zone()
    error = await refused(
        api,
        zone_id,
        ("CREATE", values("www.example.com", "A", "999.1.1.1")),
        ("CREATE", values("a..example.com", "A", "192.0.2.1")),
        ("CREATE", values("www.example.net", "A", "192.0.2.1")),
        ("CREATE", values("txt.example.com", "TXT", "hello")),
    )
    reasons = [
        (
            "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address"
            " (Value is not a valid IPv4 address) encountered with '999.1.1.1''"
        ),
        "FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with 'a..example.com.'",
        "RRSet with DNS name www.example.net. is not permitted in zone example.com.",
        (
            "Invalid Resource Record: 'FATAL problem: InvalidCharacterString"
            " (Value should be enclosed in quotation marks) encountered with 'hello''"
        ),
    ]
    assert error.code == "InvalidChangeBatch"
    assert error.message == f"[{', '.join(reasons)}]"
    assert error.members == {"messages": reasons}


@pytest.mark.parametrize(
    ("fields", "fragment"),
    [
        ({"Weight": 0}, "Missing field 'SetIdentifier'"),
        ({"Region": "eu-west-1", "SetIdentifier": "x"}, "Region: this engine does not route by it yet"),
        (
            {"GeoLocation": {"CountryCode": "FR"}, "SetIdentifier": "x"},
            "GeoLocation: this engine does not know",
        ),
        ({"Failover": "PRIMARY"}, "Missing field 'SetIdentifier'"),
        ({"SetIdentifier": "x", "MultiValueAnswer": False}, "but found none"),
        ({"AliasTarget": S3_ALIAS}, "but found more than one"),
    ],
)
async def test_a_change_of_the_wrong_form_is_invalid_input(
    api: ZoneApi, fields: dict[str, Any], fragment: str
) -> None:
    zone_id = await api.create_zone()
    error = await refused(api, zone_id, ("CREATE", {**WWW, **fields}))
    assert error.code == "InvalidInput"
    assert fragment in error.message
    assert "[Action=CREATE, Name=www.example.com, Type=A, SetIdentifier=" in error.message


async def test_a_zone_and_a_health_check_must_exist(api: ZoneApi) -> None:
    zone_id = await api.create_zone()
    assert (await refused(api, "Z9", ("CREATE", WWW))).code == "NoSuchHostedZone"
    unknown = {**WWW, "HealthCheckId": "abcdef11-2222-3333-4444-555555fedcba"}
    assert (await refused(api, zone_id, ("CREATE", unknown))).code == "NoSuchHealthCheck"
    known = {**WWW, "HealthCheckId": await api.check()}
    await api.change(zone_id, ("CREATE", known))
    assert (await listed(api, zone_id, StartRecordName="www.example.com"))[0]["HealthCheckId"]


async def test_a_change_is_pending_until_every_server_has_applied_it(api: ZoneApi) -> None:
    """CH-6; and LS-3, it is listed at once."""
    zone_id = await api.create_zone()
    change_id = await api.change(zone_id, ("CREATE", WWW), comment="why not")
    assert len(await listed(api, zone_id)) == 3
    pending = (await api.call("GetChange", Id=change_id))["ChangeInfo"]
    assert (pending["Status"], pending["Comment"]) == ("PENDING", "why not")
    api.applied.sequence = api.worlds.current.sequence - 1
    assert (await api.call("GetChange", Id=change_id))["ChangeInfo"]["Status"] == "PENDING"
    api.applied.sequence += 1
    assert (await api.call("GetChange", Id=change_id))["ChangeInfo"]["Status"] == "INSYNC"


async def test_an_unknown_change_is_said_to_be_unknown(api: ZoneApi) -> None:
    with pytest.raises(AwsError) as caught:
        await api.call("GetChange", Id="C9")
    assert caught.value.code == "NoSuchChange"


async def test_record_sets_are_listed_page_by_page(api: ZoneApi) -> None:
    """LS-1, LS-2."""
    zone_id = await api.create_zone()
    many = [
        values("m.example.com", "A", f"192.0.2.{n}", SetIdentifier=f"m{n}", MultiValueAnswer=True)
        for n in range(5)
    ]
    await api.change(zone_id, *(("CREATE", each) for each in many), ("CREATE", WWW))
    seen: list[dict[str, Any]] = []
    start: dict[str, str] = {}
    while True:
        page = await api.call("ListResourceRecordSets", HostedZoneId=zone_id, MaxItems="3", **start)
        seen += page["ResourceRecordSets"]
        if not page["IsTruncated"]:
            break
        start = {f"Start{key[4:]}": page[key] for key in page if key.startswith("NextRecord")}
    assert [(each["Type"], each.get("SetIdentifier")) for each in seen] == [
        ("NS", None),
        ("SOA", None),
        *(("A", f"m{n}") for n in range(5)),
        ("A", None),
    ]


@pytest.mark.parametrize(("asked", "given"), [(None, 100), ("2", 2), ("300", 300), ("5000", 300)])
async def test_a_page_of_record_sets_has_100_unless_asked_and_300_at_most(
    api: ZoneApi, asked: str | None, given: int
) -> None:
    """LS-1."""
    zone_id = await api.create_zone()
    many = (values(f"{n}.example.com", "A", "192.0.2.1") for n in range(300))
    await api.change(zone_id, *(("CREATE", each) for each in many))
    page = await api.call("ListResourceRecordSets", HostedZoneId=zone_id, MaxItems=asked)
    assert (len(page["ResourceRecordSets"]), page["MaxItems"]) == (given, str(given))
    assert page["IsTruncated"]


@pytest.mark.parametrize(
    "start",
    [
        {"StartRecordType": "A"},
        {"StartRecordName": "www.example.com", "StartRecordIdentifier": "x"},
        {"StartRecordName": "example.org.."},
        {"MaxItems": "many"},
    ],
)
async def test_a_start_without_sense_is_refused(api: ZoneApi, start: dict[str, str]) -> None:
    """LS-2."""
    zone_id = await api.create_zone()
    with pytest.raises(AwsError) as caught:
        await listed(api, zone_id, **start)
    assert caught.value.code == "InvalidInput"


async def test_a_dns_answer_is_shown_as_route_53_writes_it(api: ZoneApi) -> None:
    zone_id = await api.create_zone()
    name = DomainName.from_text("*.example.com")
    resolver = api.answering(
        Resolution(Rcode.NOERROR, answer=(RRset(name, 16, 60, (b"\x02\xc3\xa9", b"\x01b")),))
    )
    told = await api.call("TestDNSAnswer", HostedZoneId=zone_id, RecordName="*.example.com", RecordType="TXT")
    assert told["RecordData"] == [r'"\303\251"', '"b"']
    assert (told["ResponseCode"], told["Protocol"], told["RecordType"]) == ("NOERROR", "UDP", "TXT")
    assert told["Nameserver"].endswith(".com")
    assert resolver.asked == [(zone_id, name, 16)]


async def test_a_dns_answer_may_be_that_there_is_none(api: ZoneApi) -> None:
    zone_id = await api.create_zone()
    api.answering(Resolution(Rcode.NXDOMAIN))
    told = await api.call("TestDNSAnswer", HostedZoneId=zone_id, RecordName="x.example.com", RecordType="A")
    assert (told["RecordData"], told["ResponseCode"]) == ([], "NXDOMAIN")


@pytest.mark.parametrize(
    ("address", "mask", "fine"),
    [
        ("192.0.2.0", "24", True),
        ("192.0.2.0", None, True),
        ("2001:db8::", "128", True),
        ("192.0.2.0", "33", False),
        ("2001:db8::", "129", False),
        ("192.0.2.0", "x", False),
        (None, "24", False),
    ],
)
async def test_a_client_subnet_must_be_one(
    api: ZoneApi, address: str | None, mask: str | None, fine: bool
) -> None:
    """2.12."""
    zone_id = await api.create_zone()
    api.answering(Resolution(Rcode.NOERROR))
    subnet = {"EDNS0ClientSubnetIP": address, "EDNS0ClientSubnetMask": mask}
    given = {key: value for key, value in subnet.items() if value is not None}
    question = {"HostedZoneId": zone_id, "RecordName": "www.example.com", "RecordType": "A", **given}
    if fine:
        await api.call("TestDNSAnswer", **question)
    else:
        with pytest.raises(AwsError) as caught:
            await api.call("TestDNSAnswer", **question)
        assert caught.value.code == "InvalidInput"
