"""Weighted records and geolocation's default location, met with boto3 and a DNS client only."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conformance.conftest import Subject
from tests.conformance.zones import all_record_sets, ask, change, in_sync, values

pytestmark = pytest.mark.slow

GOOD, BAD, SPARE = "192.0.2.1", "192.0.2.2", "192.0.2.3"
QUERIES = 600


@pytest.fixture
def check(route53: Any) -> Iterator[str]:
    """A check that is healthy because it is disabled, so that no probe is sent (HC-32)."""
    config = {"Type": "TCP", "IPAddress": "127.0.0.1", "Port": 9, "Disabled": True}
    made = route53.create_health_check(CallerReference=uuid.uuid4().hex, HealthCheckConfig=config)
    yield made["HealthCheck"]["Id"]
    route53.delete_health_check(HealthCheckId=made["HealthCheck"]["Id"])


def member(name: str, address: str, weight: int, **fields: Any) -> dict[str, Any]:
    return values(name, "A", address, SetIdentifier=address, Weight=weight, **fields)


def answers(subject: Subject, name: str) -> Counter[str]:
    """How often each address is the answer."""
    return Counter(ask(subject, name, "A").answer[0][0].to_text() for _ in range(QUERIES))


def refused(route53: Any, zone_id: str, record_set: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ClientError) as caught:
        change(route53, zone_id, "CREATE", record_set)
    error: dict[str, str] = caught.value.response["Error"]
    return error


def test_answers_are_given_in_the_proportion_of_the_weights_of_the_healthy(
    route53: Any, zone: tuple[str, str], subject: Subject, check: str
) -> None:
    zone_id, name = zone
    www = f"www.{name}"
    given = [member(www, GOOD, 1), member(www, BAD, 3, HealthCheckId=check), member(www, SPARE, 0)]
    in_sync(route53, change(route53, zone_id, "CREATE", *given))
    counted = answers(subject, www)
    assert counted.keys() == {GOOD, BAD}
    assert 90 <= counted[GOOD] <= 210  # 150 are expected; that is more than five standard deviations
    told = {
        route53.test_dns_answer(HostedZoneId=zone_id, RecordName=www, RecordType="A")["RecordData"][0]
        for _ in range(60)
    }
    assert told == {GOOD, BAD}
    route53.update_health_check(HealthCheckId=check, Inverted=True)
    assert answers(subject, www) == {GOOD: QUERIES}
    in_sync(route53, change(route53, zone_id, "DELETE", given[0]))
    assert answers(subject, www) == {SPARE: QUERIES}


def test_a_weighted_alias_leads_to_the_shares_of_its_target(
    route53: Any, zone: tuple[str, str], subject: Subject
) -> None:
    zone_id, name = zone
    target = {
        "HostedZoneId": zone_id.rsplit("/", 1)[1],
        "DNSName": f"pool.{name}",
        "EvaluateTargetHealth": True,
    }
    alias = {
        "Name": f"www.{name}",
        "Type": "A",
        "SetIdentifier": "pool",
        "Weight": 200,
        "AliasTarget": target,
    }
    given = [member(f"pool.{name}", GOOD, 255), member(f"pool.{name}", BAD, 255), alias]
    in_sync(route53, change(route53, zone_id, "CREATE", *given, member(f"www.{name}", SPARE, 200)))
    counted = answers(subject, f"www.{name}")
    assert counted.keys() == {GOOD, BAD, SPARE}
    assert 225 <= counted[SPARE] <= 375  # 300 are expected


def test_members_are_listed_as_they_were_given_and_deleted_by_that(
    route53: Any, zone: tuple[str, str]
) -> None:
    zone_id, name = zone
    given = [
        {**values(f"any.{name}", "A", GOOD, SetIdentifier="everywhere"), "GeoLocation": {"CountryCode": "*"}},
        member(f"www.{name}", GOOD, 0),
        member(f"www.{name}", BAD, 255),
    ]
    change(route53, zone_id, "CREATE", *given)
    assert [each for each in all_record_sets(route53, zone_id) if "SetIdentifier" in each] == given
    with pytest.raises(ClientError, match="do not match the current values"):
        change(route53, zone_id, "DELETE", {**given[1], "Weight": 1})
    change(route53, zone_id, "DELETE", *given)


def test_a_group_has_the_ttl_that_was_given_last(route53: Any, zone: tuple[str, str]) -> None:
    zone_id, name = zone
    change(route53, zone_id, "CREATE", member(f"www.{name}", GOOD, 1))
    change(route53, zone_id, "CREATE", {**member(f"www.{name}", BAD, 1), "TTL": 20})
    listed = [each for each in all_record_sets(route53, zone_id) if "Weight" in each]
    assert [each["TTL"] for each in listed] == [20, 20]


def test_the_default_location_answers_everybody(
    route53: Any, zone: tuple[str, str], subject: Subject, check: str
) -> None:
    zone_id, name = zone
    route53.update_health_check(HealthCheckId=check, Inverted=True)
    everywhere = values(f"www.{name}", "A", GOOD, SetIdentifier="x", HealthCheckId=check)
    in_sync(route53, change(route53, zone_id, "CREATE", {**everywhere, "GeoLocation": {"CountryCode": "*"}}))
    assert ask(subject, f"www.{name}", "A").answer[0][0].to_text() == GOOD


@pytest.mark.parametrize(
    ("fields", "code", "fragment"),
    [
        ({"GeoLocation": {"CountryCode": "FR"}}, "InvalidInput", "does not know yet where clients are"),
        ({"GeoLocation": {"ContinentCode": "EU"}}, "InvalidInput", "does not know yet where clients are"),
        ({"Region": "eu-west-1"}, "InvalidInput", "Region: this engine does not route by it yet"),
        ({"Weight": 1, "MultiValueAnswer": True}, "InvalidInput", "but found more than one"),
        ({"MultiValueAnswer": True}, "InvalidChangeBatch", "because a non-multivalue RRSet"),
        ({"GeoLocation": {"CountryCode": "*"}}, "InvalidChangeBatch", "because a non-GEO RRSet"),
    ],
)
def test_what_does_not_fit_a_weighted_group_is_refused(
    route53: Any, zone: tuple[str, str], fields: dict[str, Any], code: str, fragment: str
) -> None:
    """RT-14."""
    zone_id, name = zone
    change(route53, zone_id, "CREATE", member(f"www.{name}", GOOD, 1))
    error = refused(route53, zone_id, values(f"www.{name}", "A", BAD, SetIdentifier="x", **fields))
    assert error["Code"] == code
    assert fragment in error["Message"]


def test_a_weight_is_at_most_255(route53: Any, zone: tuple[str, str]) -> None:
    """botocore itself sees to the lower bound."""
    zone_id, name = zone
    assert refused(route53, zone_id, member(f"www.{name}", GOOD, 256))["Code"] == "InvalidInput"
