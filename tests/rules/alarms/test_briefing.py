"""What a mail about a health check says beside CloudWatch's message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any

import pytest

from stillup.rules.alarms.alarm import Alarm, AlarmState
from stillup.rules.alarms.briefing import MOST_NAMES, Witness, brief, concern_of, target
from stillup.rules.health.check import (
    AlarmIdentifier,
    HealthCheck,
    HealthCheckConfig,
    HealthCheckType,
    Status,
)
from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.metrics.metric import Metric
from stillup.rules.names import DomainName
from stillup.rules.records import AliasTarget, FailoverRole, Rdata, RecordSet, RecordType
from stillup.rules.resolution import Rcode, Reason, Resolution, RoutingRule, RRset
from stillup.rules.topics.message import Briefing, Seen, Visitors
from stillup.rules.world import World
from stillup.rules.zones.zone import HostedZone
from tests.rules.alarms.making import CHECK, MINUTE, alarm, trigger

OK, ALARM, UNKNOWN = AlarmState
ID = HealthCheckId(CHECK)
ZONE = HostedZoneId("Z1")
WWW = DomainName.from_text("www.example.com")
PRIMARY = RecordSet(
    WWW, RecordType.A, "Primary-EC2", FailoverRole.PRIMARY, ttl=60, records=(Rdata("203.0.113.10", b"\xcb\0q\n"),),
    health_check_id=ID,
)  # fmt: skip
S3 = AliasTarget(
    HostedZoneId("Z3AQBSTGFYJSTF"), DomainName.from_text("s3-website-us-east-1.amazonaws.com"), False
)
SECONDARY = RecordSet(WWW, RecordType.A, "Secondary-S3", FailoverRole.SECONDARY, alias=S3)
HTTP = HealthCheckConfig(
    HealthCheckType.HTTP, ip_address="203.0.113.10", resource_path="/health", fqdn="www.example.com"
)


@dataclass(frozen=True)
class Word:
    """One vantage's."""

    region: str
    text: str
    checked_at: float


def _check(
    config: HealthCheckConfig = HTTP, check_id: HealthCheckId = ID, name: str = "Primary"
) -> HealthCheck:
    return HealthCheck(check_id, check_id, config, tags={"Name": name})


def _world(*records: RecordSet, checks: Sequence[HealthCheck] = ()) -> World:
    nodes: dict[DomainName, tuple[RecordSet, ...]] = {}
    for record in records:
        nodes[record.name] = (*nodes.get(record.name, ()), record)
    zone = HostedZone(ZONE, DomainName.from_text("example.com"), "1", "", (), nodes)
    return World(zones={ZONE: zone}, health_checks={each.id: each for each in checks or (_check(),)})


def _resolved(*addresses: str, chosen: RecordSet = SECONDARY) -> Resolution:
    rrset = RRset(chosen.name, 1, 60, tuple(ip_address(each).packed for each in addresses))
    return Resolution(
        Rcode.NOERROR,
        answer=(rrset,) if addresses else (),
        reasons=(Reason(RoutingRule.FAILOVER_SECONDARY_HEALTHY, (chosen.key,)),),
    )


def _witness(
    status: Status = Status.UNHEALTHY,
    resolve: Callable[..., Resolution] = lambda *_: _resolved("198.51.100.7"),
) -> Witness:
    return Witness(
        status=lambda _: status,
        since=lambda _: MINUTE - 30,
        latest=lambda check_id: [Word("us-east-1", "Failure: refused", MINUTE)] if check_id == ID else [],
        resolve=resolve,
    )


def _brief(world: World, witness: Witness, into: AlarmState = ALARM, **given: Any) -> Briefing:
    watched = alarm(**given)
    concern = concern_of(watched, world)
    assert concern is not None
    return brief(concern, watched, into, world=world, witness=witness, now=MINUTE)


def test_a_briefing_says_what_failed_since_when_who_saw_it_and_what_visitors_get() -> None:
    assert _brief(_world(PRIMARY, SECONDARY), _witness()) == Briefing(
        headline="www.example.com: the health check 'Primary' (HTTP http://203.0.113.10:80/health) is failing",
        since=MINUTE - 30,
        seen=(Seen("us-east-1", "Failure: refused", MINUTE),),
        visitors=(
            Visitors(
                "www.example.com A",
                "198.51.100.7, by the SECONDARY record 'Secondary-S3' (alias of s3-website-us-east-1.amazonaws.com)",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("status", "was", "state", "outcome"),
    [
        (Status.UNHEALTHY, OK, ALARM, "is failing"),
        (Status.UNHEALTHY, ALARM, OK, "is failing"),
        (Status.HEALTHY, ALARM, OK, "has recovered"),
        (Status.HEALTHY, UNKNOWN, OK, "is healthy"),
        (Status.HEALTHY, OK, ALARM, "is healthy just now"),
        (Status.HEALTHY, OK, UNKNOWN, "is healthy just now"),
    ],
)
def test_the_headline_tells_the_truth_about_the_check(
    status: Status, was: AlarmState, state: AlarmState, outcome: str
) -> None:
    assert _brief(_world(), _witness(status), state, state=was).headline.endswith(f") {outcome}")


@pytest.mark.parametrize(
    ("config", "text"),
    [
        (HTTP, "HTTP http://203.0.113.10:80/health"),
        (HealthCheckConfig(HealthCheckType.HTTPS, fqdn="example.com"), "HTTPS https://example.com:443/"),
        (HealthCheckConfig(HealthCheckType.TCP, ip_address="2001:db8::1", port=22), "TCP [2001:db8::1]:22"),
        (
            HealthCheckConfig(HealthCheckType.CALCULATED, health_threshold=1, child_health_checks=(ID, ID)),
            "1 of 2 checks",
        ),
        (
            HealthCheckConfig(
                HealthCheckType.CLOUDWATCH_METRIC, alarm_identifier=AlarmIdentifier("us-east-1", "cpu")
            ),
            "the metric of the alarm 'cpu'",
        ),
    ],
)
def test_what_a_check_looks_at_is_told_as_one_would_type_it(config: HealthCheckConfig, text: str) -> None:
    assert target(_check(config)) == text


def test_names_that_use_a_check_calculated_from_it_are_told_too() -> None:
    both = HealthCheckId("both")
    config = HealthCheckConfig(HealthCheckType.CALCULATED, health_threshold=1, child_health_checks=(ID,))
    shop = RecordSet(DomainName.from_text("*.example.com"), RecordType.A, ttl=1, health_check_id=both)
    told = _brief(_world(shop, checks=(_check(), _check(config, both))), _witness())

    assert [each.name for each in told.visitors] == ["*.example.com A"]


def test_of_a_calculated_check_the_vantages_words_on_its_children_are_told() -> None:
    both = HealthCheckId("both")
    config = HealthCheckConfig(
        HealthCheckType.CALCULATED, health_threshold=1, child_health_checks=(ID, HealthCheckId("gone"))
    )
    watched = trigger(metric=Metric("AWS/Route53", "HealthCheckStatus", (("HealthCheckId", both),)))
    told = _brief(_world(checks=(_check(), _check(config, both))), _witness(), trigger=watched)

    assert told.seen == (Seen("Primary, us-east-1", "Failure: refused", MINUTE),)


@pytest.mark.parametrize(
    ("resolution", "answer"),
    [
        (_resolved(chosen=PRIMARY), "no answer"),
        (Resolution(Rcode.NXDOMAIN), "NXDOMAIN"),
        (_resolved("203.0.113.10", chosen=PRIMARY), "203.0.113.10, by the PRIMARY record 'Primary-EC2'"),
        (
            Resolution(Rcode.NOERROR, answer=(RRset(WWW, 5, 60, (WWW.to_wire(),)),)),
            "www.example.com",
        ),
    ],
)
def test_what_visitors_get_is_what_the_dns_answers(resolution: Resolution, answer: str) -> None:
    told = _brief(_world(PRIMARY), _witness(resolve=lambda *_: resolution))

    assert [each.answer for each in told.visitors] == [answer]


def test_a_zone_that_has_gone_meanwhile_is_passed_over() -> None:
    watched = alarm()
    concern = concern_of(watched, _world(PRIMARY))
    assert concern is not None

    told = brief(concern, watched, ALARM, world=World(), witness=_witness(), now=MINUTE)

    assert told.visitors == ()


def test_many_names_are_cut_short() -> None:
    records = [
        RecordSet(DomainName.from_text(f"n{number}.example.com"), RecordType.A, ttl=1, health_check_id=ID)
        for number in range(MOST_NAMES + 2)
    ]
    told = _brief(_world(*records), _witness())

    assert told.headline.startswith("n0.example.com, n1.example.com, n2.example.com and 9 more: ")
    assert len(told.visitors) == MOST_NAMES


def test_a_composite_alarm_is_about_the_check_of_the_alarm_below_that_changed_last() -> None:
    down = HealthCheck(HealthCheckId("other"), "other", HTTP)
    other = Metric("AWS/Route53", "HealthCheckStatus", (("HealthCheckId", "other"),))
    alarms = [
        _changed(alarm("primary"), MINUTE - 60),
        _changed(alarm("other", trigger=trigger(metric=other)), MINUTE),
        _changed(alarm("latency", trigger=trigger(metric=Metric("Shop", "Latency"))), MINUTE + 60),
        alarm("inner", rule="ALARM(primary) OR ALARM(other) OR ALARM(latency)"),
    ]
    world = replace(_world(PRIMARY, checks=[_check(), down]), alarms={each.arn: each for each in alarms})

    assert (told := concern_of(alarm("outer", rule="ALARM(inner) OR ALARM(gone)"), world)) is not None
    assert told.check == down


def test_alarms_that_lead_to_one_another_a_thousand_deep_are_followed_once_each() -> None:
    alarms = [alarm("0")]
    for number in range(1, 1200):
        below = max(number - 2, 0)
        alarms.append(alarm(f"{number}", rule=f"ALARM({number - 1}) OR ALARM({below})"))
    world = replace(_world(PRIMARY), alarms={each.arn: each for each in alarms})

    assert (told := concern_of(alarms[-1], world)) is not None
    assert told.check == _check()


def test_an_alarm_whose_metric_a_check_watches_is_about_that_check() -> None:
    """HC-38."""
    config = HealthCheckConfig(
        HealthCheckType.CLOUDWATCH_METRIC, alarm_identifier=AlarmIdentifier("us-east-1", "latency")
    )
    world = _world(PRIMARY, checks=[_check(config)])
    slow = trigger(metric=Metric("Shop", "Latency"))

    assert (told := concern_of(alarm("latency", trigger=slow), world)) is not None
    assert told.places[0].name == WWW
    assert concern_of(alarm("latency", trigger=slow, region="eu-west-1"), world) is None


def _changed(given: Alarm, at: float) -> Alarm:
    return replace(given, standing=replace(given.standing, transitioned_at=at))


@pytest.mark.parametrize(
    "given",
    [
        {"rule": "TRUE"},
        {"trigger": trigger(metric=Metric("Shop", "Latency", (("HealthCheckId", CHECK),)))},
        {"trigger": trigger(metric=Metric("AWS/Route53", "HealthCheckStatus"))},
        {"trigger": trigger(metric=Metric("AWS/Route53", "HealthCheckStatus", (("HealthCheckId", "gone"),)))},
    ],
)
def test_there_is_no_briefing_on_anything_but_a_health_check(given: dict[str, Any]) -> None:
    """HC-55 for the last one."""
    assert concern_of(alarm(**given), _world(PRIMARY)) is None
