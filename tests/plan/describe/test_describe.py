"""What an account holds, said as a plan, and back again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from stillup.lint.examples import CHECK_ID, HELD_ALARM, HELD_TOPIC, TOPIC_ARN
from stillup.lint.rules_live.worked import GUIDE, HELD
from stillup.plan.describe import NotDescribable, describe
from stillup.plan.desired import desired
from stillup.plan.file.plan_file import Failover, PlanFile, Where
from stillup.plan.references import resolve
from stillup.plan.setup import AliasTarget, Check, CheckConfig, Record, Setup, Subscription

WHERE = Where()
PLANS = {
    "the guide": "",
    "addresses of both families": "primary: {addresses: [203.0.113.1, 203.0.113.2, '2001:db8::1'], check: {port: 81}}",
    "a name": "primary: {name: www.example.net, check: {path: /}}\nstandby: {name: backup.example.net}",
    "an alias": (
        "primary: {alias: {zone-id: Z1, name: lb.example.net, types: [A, AAAA]}}\n"
        "standby: {alias: {zone-id: Z2FDTNDATAQYW2, name: d1.cloudfront.net, evaluate-target-health: false, "
        "types: [A, AAAA]}}\nalert: null"
    ),
    "https with a string": (
        "primary: {address: 203.0.113.1, check: {type: https, string: well, host: h.example.net, sni: false, "
        "regions: [us-east-1, us-west-2, eu-west-1], failures: 2, measure-latency: true}}"
    ),
    "tcp, inverted and disabled": (
        "primary: {address: 203.0.113.1, check: {type: tcp, port: 22, inverted: true, disabled: true}}"
    ),
    "refinements": (
        "primary: {address: 203.0.113.1, check: {interval: 2s, confirm-interval: 500ms, timeout: 1s, fall: 4, "
        "rise: 9, expect: '200-299 418', verify-tls: true}}\nfailback: {after: 10m}"
    ),
    "held": "failback: held",
    "an address that is probed elsewhere": "primary: {address: 203.0.113.1, check: {address: 203.0.113.9}}",
    "a standby with a check": (
        "standby: {address: 198.51.100.1, check: {path: /well}}\nttl: 300\n"
        "alert: {webhooks: ['https://example.net/a'], topic: tell, alarm: {name: down, period: 10, "
        "evaluation-periods: 3, datapoints-to-alarm: 2, ok-actions: false, treat-missing-data: missing}}"
    ),
    "a bucket elsewhere": "standby: {bucket: www.example.com, region: eu-west-3}",
    "an existing check": "primary: {address: 203.0.113.1, check: {existing: 00000000-1111-2222-3333-444444444444}}",
}


def _failover(changes: str) -> Failover:
    said: dict[str, Any] = {**yaml.safe_load(GUIDE)["failovers"][0], "standby": {"bucket": "www.example.com"}}
    plan = {"version": 1, "failovers": [{**said, **(yaml.safe_load(changes) or {})}]}
    return PlanFile.model_validate(plan).failovers[0]


def _made(wanted: Setup) -> Setup:
    """The account after `apply`: everything has an id."""
    ids = {f"check/{key}": check.id or f"id-{key}" for key, check in wanted.checks.items()}
    topics = tuple(replace(each, arn=each.arn or TOPIC_ARN) for each in wanted.topics)
    names = {**ids, "topic": topics[0].arn or ""} if topics else ids
    return replace(
        wanted,
        records=tuple(
            replace(each, check=None if each.check is None else ids[f"check/{each.check}"])
            for each in wanted.records
        ),
        checks={
            ids[f"check/{key}"]: replace(check, key=ids[f"check/{key}"], id=ids[f"check/{key}"])
            for key, check in wanted.checks.items()
        },
        topics=topics,
        alarms=tuple(
            replace(
                each,
                dimensions={key: resolve(value, names) for key, value in each.dimensions.items()},
                alarm_actions=tuple(resolve(value, names) for value in each.alarm_actions),
                ok_actions=tuple(resolve(value, names) for value in each.ok_actions),
            )
            for each in wanted.alarms
        ),
    )


@pytest.mark.parametrize("changes", PLANS.values(), ids=PLANS)
def test_what_a_plan_made_is_described_as_that_plan_asks(changes: str) -> None:
    wanted = desired(_failover(changes), WHERE)

    described = describe(_made(wanted), WHERE)

    assert desired(described.failover, WHERE) == wanted


def test_the_guides_own_set_up_is_described_in_full() -> None:
    described = describe(HELD, WHERE)

    assert described.unsaid == ()
    assert described.failover.primary.check is not None
    assert described.failover.alert is not None
    assert (described.failover.standby.bucket, described.failover.ttl) == ("www.example.com", 60)
    assert (described.failover.alert.topic, described.failover.alert.alarm.name) == (
        TOPIC_ARN,
        HELD_ALARM.name,
    )


@pytest.mark.parametrize("type_", ["CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"])
def test_a_check_of_another_kind_stays_where_it_was_made(type_: str) -> None:
    setup = replace(HELD, checks={CHECK_ID: Check(CHECK_ID, CheckConfig(type_), id=CHECK_ID)})

    described = describe(setup, WHERE)

    assert described.failover.primary.check is not None
    assert described.failover.primary.check.existing == CHECK_ID
    assert any(type_ in each for each in described.unsaid)


def test_a_check_that_does_not_exist_is_said_to_be_missing() -> None:
    described = describe(replace(HELD, checks={}), WHERE)

    assert any(f"{CHECK_ID}, which does not exist" in each for each in described.unsaid)


@pytest.mark.parametrize(
    ("setup", "unsaid"),
    [
        (
            replace(
                HELD,
                topics=(
                    replace(HELD_TOPIC, subscriptions=(Subscription("sms", "+15550100", is_confirmed=True),)),
                ),
            ),
            "sms +15550100 is told too",
        ),
        (replace(HELD, alarms=(replace(HELD_ALARM, statistic="p90"),)), "cannot say its statistic"),
        (replace(HELD, alarms=(HELD_ALARM, replace(HELD_ALARM, name="b"))), "alarm b watches the check too"),
        (replace(HELD, alarms=(replace(HELD_ALARM, alarm_actions=()),)), "calls no topic"),
        (replace(HELD, alarms=(replace(HELD_ALARM, actions_enabled=False),)), "are disabled"),
        (
            replace(
                HELD, records=(*HELD.records, Record("www.example.com", "AAAA", values=("2001:db8::1",)))
            ),
            "AAAA records beside the failover",
        ),
    ],
)
def test_what_a_plan_cannot_say_is_told(setup: Setup, unsaid: str) -> None:
    assert [each for each in describe(setup, WHERE).unsaid if unsaid in each]


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ((), "has no records"),
        ((Record("www.example.com", "A", values=("192.0.2.1",)),), "none of them is a failover record"),
        (HELD.records[:1], "no SECONDARY ones"),
        (HELD.records[1:], "no PRIMARY ones"),
        (
            (Record("www.example.com", "A", set_identifier="a", other_routing={"Weight": 1}),),
            "routed by Weight",
        ),
        (
            (HELD.records[0], replace(HELD.records[1], alias=AliasTarget("", "x", False))),
            "No plan can describe www.example.com: ",
        ),
    ],
)
def test_what_is_no_failover_is_said_to_be_none(records: tuple[Record, ...], why: str) -> None:
    with pytest.raises(NotDescribable, match=why):
        describe(replace(HELD, records=records), WHERE)
