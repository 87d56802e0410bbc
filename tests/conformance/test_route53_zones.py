"""Hosted zones and record sets, met with boto3 and a DNS client only."""

from __future__ import annotations

import uuid
from typing import Any

import dns.rdatatype
import pytest
from botocore.exceptions import ClientError

from tests.conformance.conftest import Subject
from tests.conformance.zones import all_record_sets, ask, change, in_sync, values

pytestmark = pytest.mark.slow

ONE_OF_EACH = [
    ("a", "A", "192.0.2.1"),
    ("aaaa", "AAAA", "2001:db8::1"),
    ("cname", "CNAME", "target.example.net."),
    ("mx", "MX", "10 mail.example.net."),
    ("txt", "TXT", '"one" "two"'),
    ("spf", "SPF", '"v=spf1 -all"'),
    ("ptr", "PTR", "host.example.net."),
    ("srv", "SRV", "1 2 3 host.example.net."),
    ("naptr", "NAPTR", '100 50 "u" "E2U+sip" "!^.*$!sip:a@example.net!" .'),
    ("caa", "CAA", '0 issue "ca.example.net"'),
    ("ds", "DS", "123 13 2 " + "ab" * 32),
    ("sshfp", "SSHFP", "1 1 " + "ab" * 20),
    ("tlsa", "TLSA", "3 1 1 " + "ab" * 32),
    ("svcb", "SVCB", '1 svc.example.net. alpn="h2"'),
    ("https", "HTTPS", "0 pool.example.net."),
]


def test_one_record_of_each_type_is_stored_listed_and_answered(
    route53: Any, zone: tuple[str, str], subject: Subject
) -> None:
    """DN-4: 15 types beside the NS and SOA of the zone."""
    zone_id, name = zone
    given = [values(f"{label}.{name}", record_type, text) for label, record_type, text in ONE_OF_EACH]
    in_sync(route53, change(route53, zone_id, "CREATE", *given))
    listed = {each["Name"]: each for each in all_record_sets(route53, zone_id)}
    for each in given:
        assert listed[each["Name"]] == each
        if each["Type"] != "DS":
            (rrset,) = ask(subject, each["Name"], each["Type"]).answer
            assert rrset.rdtype == dns.rdatatype.from_text(each["Type"])
            assert rrset.ttl == 300


def test_a_zone_answers_with_its_servers_and_soa(
    zone: tuple[str, str], route53: Any, subject: Subject
) -> None:
    zone_id, name = zone
    told = route53.get_hosted_zone(Id=zone_id)
    servers = {f"{server}." for server in told["DelegationSet"]["NameServers"]}
    (answer,) = ask(subject, name, "NS").answer
    assert {each.to_text() for each in answer} == servers
    (soa,) = ask(subject, name, "SOA").answer
    assert soa[0].to_text().endswith("awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400")


def test_a_refused_batch_leaves_nothing_behind(route53: Any, zone: tuple[str, str], subject: Subject) -> None:
    zone_id, name = zone
    before = all_record_sets(route53, zone_id)
    with pytest.raises(ClientError) as caught:
        change(
            route53,
            zone_id,
            "CREATE",
            values(f"ok.{name}", "A", "192.0.2.1"),
            values("www.elsewhere.example", "A", "192.0.2.1"),
            values(f"bad.{name}", "A", "999.1.1.1"),
        )
    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidChangeBatch"
    assert error["Message"] == (
        f"[RRSet with DNS name www.elsewhere.example. is not permitted in zone {name}, "
        "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"
        " encountered with '999.1.1.1'']"
    )
    assert all_record_sets(route53, zone_id) == before
    assert not ask(subject, f"ok.{name}", "A").answer


def test_whatever_page_size_the_listing_is_the_same(route53: Any, zone: tuple[str, str]) -> None:
    zone_id, name = zone
    labels = ["a", "b-b", "b", "*", "_x", "1", "z.b", r"\100"]
    change(route53, zone_id, "CREATE", *(values(f"{label}.{name}", "A", "192.0.2.1") for label in labels))
    whole = all_record_sets(route53, zone_id)
    assert len(whole) == len(labels) + 2
    for size in (1, 2, 3, 7):
        assert all_record_sets(route53, zone_id, size) == whole


def test_an_upsert_replaces_and_the_next_answer_says_so(
    route53: Any, zone: tuple[str, str], subject: Subject
) -> None:
    zone_id, name = zone
    for address in ("192.0.2.1", "192.0.2.2"):
        in_sync(route53, change(route53, zone_id, "UPSERT", values(f"www.{name}", "A", address)))
        (answer,) = ask(subject, f"www.{name}", "A").answer
        assert [each.to_text() for each in answer] == [address]
        told = route53.test_dns_answer(HostedZoneId=zone_id, RecordName=f"www.{name}", RecordType="A")
        assert (told["RecordData"], told["ResponseCode"]) == ([address], "NOERROR")


@pytest.mark.parametrize(
    ("operation", "parameters", "code", "status"),
    [
        ("get_hosted_zone", {"Id": "Z999"}, "NoSuchHostedZone", 404),
        ("get_change", {"Id": "C999"}, "NoSuchChange", 404),
        ("create_hosted_zone", {"Name": "com", "CallerReference": "tld"}, "InvalidDomainName", 400),
        ("list_hosted_zones", {"DelegationSetId": "N999"}, "NoSuchDelegationSet", 400),
    ],
)
def test_errors_are_those_of_the_model(
    route53: Any, operation: str, parameters: dict[str, str], code: str, status: int
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(route53, operation)(**parameters)
    response = caught.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)


def test_a_caller_reference_makes_one_zone(route53: Any, zone: tuple[str, str]) -> None:
    """HZ-1."""
    _, name = zone
    with pytest.raises(ClientError) as caught:
        route53.create_hosted_zone(Name="another.example", CallerReference=name)
    response = caught.value.response
    assert response["Error"]["Code"] == "HostedZoneAlreadyExists"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_a_zone_is_created_with_201_and_its_url(route53: Any) -> None:
    made = route53.create_hosted_zone(Name="located.example", CallerReference=uuid.uuid4().hex)
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert made["Location"].endswith(f"/2013-04-01{made['HostedZone']['Id']}")
    gone = route53.delete_hosted_zone(Id=made["HostedZone"]["Id"])
    in_sync(route53, gone)
