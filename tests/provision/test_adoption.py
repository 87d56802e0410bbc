"""The guide's set-up, made by hand: found as it is, left alone unless it is taken over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stillup.provision.errors import ProvisionFailed
from tests.provision.everything import everything
from tests.provision.typed import Typed, told

ALARM, TOPIC = "EC2-HealthCheck-Failed", "ec2-failover-alerts"


@pytest.fixture
def by_hand(typed: Typed) -> Typed:
    """Steps 1 to 4 of the guide, with what it forgets: the block that must be opened first (8 g)."""
    account, name = typed.account, typed.name
    typed.changes["alert"] = {
        "emails": ["oncall@example.com"],
        "topic": f"{TOPIC}-{typed.zone[:6]}",
        "alarm": {"name": f"{ALARM}-{typed.zone[:6]}"},
    }
    typed.changes["ttl"] = 60
    _bucket(typed)
    check = account.route53.create_health_check(
        CallerReference=f"ec2-primary-{name}",
        HealthCheckConfig={
            "IPAddress": "127.0.0.1",
            "Port": typed.primary()["check"]["port"],
            "Type": "TCP",
            "RequestInterval": 30,
            "FailureThreshold": 3,
        },
    )["HealthCheck"]["Id"]
    account.route53.change_resource_record_sets(
        HostedZoneId=typed.zone_id, ChangeBatch={"Changes": [_primary(name, check), _secondary(name)]}
    )
    sns = account.sns("us-east-1")
    topic = sns.create_topic(Name=typed.changes["alert"]["topic"])["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="oncall@example.com")
    account.cloudwatch("us-east-1").put_metric_alarm(
        AlarmName=typed.changes["alert"]["alarm"]["name"],
        Namespace="AWS/Route53",
        MetricName="HealthCheckStatus",
        Dimensions=[{"Name": "HealthCheckId", "Value": check}],
        Statistic="Minimum",
        Period=60,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
        EvaluationPeriods=1,
        AlarmActions=[topic],
    )
    return typed


@pytest.mark.slow
def test_what_another_hand_made_is_found_and_not_changed(by_hand: Typed) -> None:
    before = everything(by_hand)
    drawn = by_hand.draw()
    actual = drawn.grounds[by_hand.name].actual
    assert {each.set_identifier for each in actual.records} == {"Primary-EC2", "Secondary-S3"}
    assert len(actual.checks) == len(actual.topics) == len(actual.alarms) == 1
    assert actual.bucket is not None
    assert {each.id for each in drawn.plan.refusals} == {"not-ours"}
    with pytest.raises(ProvisionFailed, match="--adopt"):
        by_hand.carry_out(drawn)
    assert everything(by_hand) == before


@pytest.mark.slow
def test_what_is_adopted_keeps_its_identifiers_and_is_taken_away_by_destroy(by_hand: Typed) -> None:
    by_hand.apply(adopt=True)
    drawn = by_hand.draw()
    assert told(drawn.plan.steps) == []
    assert not drawn.plan.refusals
    actual = drawn.grounds[by_hand.name].actual
    assert {each.set_identifier for each in actual.records} == {"Primary-EC2", "Secondary-S3"}
    by_hand.destroy()
    left = by_hand.draw(destroy=True).grounds[by_hand.name].actual
    assert not (left.records or left.checks or left.alarms or left.topics or left.bucket)


@pytest.mark.slow
def test_destroy_touches_nothing_that_another_hand_made(by_hand: Typed) -> None:
    before = everything(by_hand)
    assert told(by_hand.destroy()) == []
    assert everything(by_hand) == before


def _bucket(typed: Typed) -> None:
    s3, name = typed.account.s3(), typed.name
    s3.create_bucket(Bucket=name)
    s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": False,
            "RestrictPublicBuckets": False,
        },
    )
    statement = {
        "Sid": "PublicReadGetObject",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_bucket_website(
        Bucket=name,
        WebsiteConfiguration={
            "IndexDocument": {"Suffix": "index.html"},
            "ErrorDocument": {"Key": "error.html"},
        },
    )
    s3.put_object(Bucket=name, Key="index.html", Body=b"<h1>maintenance</h1>", ContentType="text/html")


def _primary(name: str, check: str) -> Any:
    return {
        "Action": "CREATE",
        "ResourceRecordSet": {
            "Name": name,
            "Type": "A",
            "SetIdentifier": "Primary-EC2",
            "Failover": "PRIMARY",
            "TTL": 60,
            "ResourceRecords": [{"Value": "127.0.0.1"}],
            "HealthCheckId": check,
        },
    }


def _secondary(name: str) -> Any:
    return {
        "Action": "CREATE",
        "ResourceRecordSet": {
            "Name": name,
            "Type": "A",
            "SetIdentifier": "Secondary-S3",
            "Failover": "SECONDARY",
            "AliasTarget": {
                "HostedZoneId": "Z3AQBSTGFYJSTF",
                "DNSName": f"{name}.s3-website-us-east-1.amazonaws.com",
                "EvaluateTargetHealth": False,
            },
        },
    }
