"""What hands change in an account: each change is shown, nothing else is, and applying heals it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillup.plan.setup import OWNER_TAG
from stillup.plan.step import Action
from stillup.provision.account import Account
from tests.provision.typed import Typed, told

Drift = Callable[[Typed], object]


@pytest.fixture(scope="session")
def applied_to(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Account], Typed]:
    """One applied failover for each account: every test here leaves it as it was."""
    made: dict[str | None, Typed] = {}

    def applied(account: Account) -> Typed:
        if account.endpoint_url not in made:
            made[account.endpoint_url] = Typed.new(account, Path(tmp_path_factory.mktemp("drift")))
            made[account.endpoint_url].apply()
        return made[account.endpoint_url]

    return applied


@pytest.fixture
def applied(account: Account, applied_to: Callable[[Account], Typed]) -> Typed:
    return applied_to(account)


def ttl(typed: Typed) -> None:
    _change_record(typed, "UPSERT", {**_record(typed, "PRIMARY"), "TTL": 300})


def secondary_deleted(typed: Typed) -> None:
    _change_record(typed, "DELETE", _record(typed, "SECONDARY"))


def threshold(typed: Typed) -> None:
    typed.account.route53.update_health_check(HealthCheckId=_check(typed), FailureThreshold=5)


def check_tag(typed: Typed) -> None:
    _tag(typed, RemoveTagKeys=["stillup-role"])


def check_deleted(typed: Typed) -> None:
    typed.account.route53.delete_health_check(HealthCheckId=_check(typed))


def policy_deleted(typed: Typed) -> None:
    typed.account.s3().delete_bucket_policy(Bucket=typed.name)


def website_deleted(typed: Typed) -> None:
    typed.account.s3().delete_bucket_website(Bucket=typed.name)


def block_closed(typed: Typed) -> None:
    closed: Any = dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    )
    typed.account.s3().put_public_access_block(Bucket=typed.name, PublicAccessBlockConfiguration=closed)


def object_changed(typed: Typed) -> None:
    typed.account.s3().put_object(Bucket=typed.name, Key="index.html", Body=b"sold", ContentType="text/html")


def object_header(typed: Typed) -> None:
    content = (typed.base / "site/index.html").read_bytes()
    typed.account.s3().put_object(Bucket=typed.name, Key="index.html", Body=content, ContentType="text/plain")


def object_deleted(typed: Typed) -> None:
    typed.account.s3().delete_object(Bucket=typed.name, Key="style.css")


def object_stale(typed: Typed) -> None:
    typed.account.s3().put_object(Bucket=typed.name, Key="old.html", Body=b"old")


def alarm_changed(typed: Typed) -> None:
    alarm = _alarm(typed)
    alarm["EvaluationPeriods"] = 7
    typed.account.cloudwatch("us-east-1").put_metric_alarm(**alarm)


def alarm_deleted(typed: Typed) -> None:
    typed.account.cloudwatch("us-east-1").delete_alarms(AlarmNames=[_alarm(typed)["AlarmName"]])


def people_gone(typed: Typed) -> None:
    """The topic made anew by hand: that ends even a subscription that is not confirmed."""
    sns = typed.account.sns("us-east-1")
    arn = typed.draw().grounds[typed.name].actual.topics[0].arn or ""
    sns.delete_topic(TopicArn=arn)
    sns.create_topic(Name=arn.rpartition(":")[2], Tags=[{"Key": OWNER_TAG, "Value": typed.name}])


DRIFTS: list[tuple[Drift, list[str]]] = [
    (ttl, ["update record/A/PRIMARY"]),
    (secondary_deleted, ["create record/A/SECONDARY"]),
    (threshold, ["update check/primary"]),
    (check_tag, ["update check/primary"]),
    (check_deleted, ["create check/primary", "update alarm", "update record/A/PRIMARY"]),
    (policy_deleted, ["update bucket/policy"]),
    (website_deleted, ["update bucket/website"]),
    (block_closed, ["update bucket/public-access-block"]),
    (object_changed, ["update object/index.html"]),
    (object_header, ["update object/index.html"]),
    (object_deleted, ["create object/style.css"]),
    (object_stale, ["delete object/old.html"]),
    (alarm_changed, ["update alarm"]),
    (alarm_deleted, ["create alarm"]),
    (people_gone, ["create subscription/email/oncall@example.com"]),
]


APART: tuple[Drift, ...] = (check_deleted, check_tag, object_deleted, alarm_deleted)
"""Those after which another of them is no more to be had, or would not be seen."""


@pytest.mark.slow
@pytest.mark.parametrize("account", ["moto"], indirect=True)
def test_all_drift_by_hand_is_shown_at_once_and_healed(applied: Typed) -> None:
    expected = [step for drift, steps in DRIFTS if drift not in APART for step in steps]
    for drift, _ in DRIFTS:
        if drift not in APART:
            drift(applied)
    assert set(told(applied.apply())) == set(expected)
    assert told(applied.draw().plan.steps) == []


@pytest.mark.slow
@pytest.mark.parametrize("account", ["engine"], indirect=True)
@pytest.mark.parametrize(("drift", "expected"), DRIFTS, ids=[drift.__name__ for drift, _ in DRIFTS])
def test_drift_by_hand_is_shown_alone_and_healed(applied: Typed, drift: Drift, expected: list[str]) -> None:
    drift(applied)
    assert told(applied.apply()) == expected
    assert told(applied.draw().plan.steps) == []


@pytest.mark.slow
def test_a_topic_that_lost_its_tag_is_another_hands_until_it_is_adopted(applied: Typed) -> None:
    topic = applied.draw().grounds[applied.name].actual.topics[0]
    applied.account.sns("us-east-1").untag_resource(ResourceArn=topic.arn or "", TagKeys=[OWNER_TAG])
    drawn = applied.draw()
    assert told(drawn.plan.steps) == []
    assert any("--adopt" in note for note in drawn.plan.failovers[0].notes)
    assert [step.action for step in applied.apply(adopt=True)] == [Action.ADOPT]
    assert told(applied.draw().plan.steps) == []


def _record(typed: Typed, role: str) -> dict[str, Any]:
    listed = typed.account.route53.list_resource_record_sets(HostedZoneId=typed.zone_id)
    found: Any = next(each for each in listed["ResourceRecordSets"] if each.get("Failover") == role)
    return dict(found)


def _change_record(typed: Typed, action: Any, record: Any) -> None:
    typed.account.route53.change_resource_record_sets(
        HostedZoneId=typed.zone_id,
        ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]},
    )


def _check(typed: Typed) -> str:
    check: str = _record(typed, "PRIMARY")["HealthCheckId"]
    return check


def _tag(typed: Typed, **changes: Any) -> None:
    typed.account.route53.change_tags_for_resource(
        ResourceType="healthcheck", ResourceId=_check(typed), **changes
    )


def _alarm(typed: Typed) -> dict[str, Any]:
    alarms = typed.account.cloudwatch("us-east-1").describe_alarms(AlarmNames=[f"stillup-{_slug(typed)}"])
    listed: dict[str, Any] = dict(alarms["MetricAlarms"][0])
    settable = typed.account.cloudwatch("us-east-1").meta.service_model.operation_model("PutMetricAlarm")
    return {
        key: value for key, value in listed.items() if key in settable.input_shape.members and value != []
    }


def _slug(typed: Typed) -> str:
    return typed.name.replace(".", "-")
