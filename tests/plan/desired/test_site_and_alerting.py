"""Which bucket, topic and alarm a failover asks for."""

from __future__ import annotations

import json

import pytest

from stillup.plan.setup import PublicAccessBlock, Subscription, Website, Zone
from stillup.rules.buckets.access import is_public
from stillup.rules.buckets.policy import parse_policy
from stillup.rules.iam.policy import Policy
from stillup.rules.ids import BucketName
from tests.plan.typed import asked, typed

ALERT = {"emails": ["oncall@example.com"], "webhooks": ["https://hooks.example.com/x"]}


def test_a_folder_becomes_a_public_website_in_a_bucket_with_the_failovers_name() -> None:
    bucket = asked(None, "index.html", "style.css").bucket
    assert bucket is not None
    assert (bucket.name, bucket.region, bucket.is_published) == ("www.example.com", "us-east-1", True)
    assert bucket.website == Website(index="index.html", error="index.html")
    assert sorted(bucket.objects) == ["index.html", "style.css"]
    assert bucket.objects["index.html"].cache_control == "max-age=60"
    assert bucket.tags == {"stillup-failover": "www.example.com"}


def test_public_access_is_opened_just_as_far_as_the_policy_needs() -> None:
    """S3-10: ACLs stay shut, and the policy lets everybody read objects and nothing else."""
    bucket = asked().bucket
    assert bucket is not None and bucket.policy is not None
    assert bucket.block == PublicAccessBlock(True, True, False, False)
    policy = parse_policy(bucket.policy, BucketName(bucket.name))
    assert isinstance(policy, Policy)
    assert is_public(policy)
    (statement,) = json.loads(bucket.policy)["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("s3:GetObject", "arn:aws:s3:::www.example.com/*")


def test_the_policy_is_written_for_the_partition_of_the_region() -> None:
    bucket = asked(typed(standby={"folder": "site", "region": "cn-north-1"})).bucket
    assert bucket is not None and bucket.policy is not None
    assert "arn:aws-cn:s3:::www.example.com/*" in bucket.policy


def test_an_error_page_of_the_folder_is_used() -> None:
    bucket = asked(None, "index.html", "error.html").bucket
    assert bucket is not None
    assert bucket.website == Website(index="index.html", error="error.html")


def test_a_bucket_without_a_folder_is_only_pointed_at() -> None:
    bucket = asked(typed(standby={"bucket": "elsewhere"}), region="eu-west-1").bucket
    assert bucket is not None
    assert (bucket.name, bucket.region, bucket.is_published) == ("elsewhere", "eu-west-1", False)
    assert (bucket.block, bucket.policy, bucket.website, bucket.tags) == (None, None, None, {})


def test_people_are_told_through_a_topic_and_an_alarm_where_the_metrics_are() -> None:
    setup = asked(typed(alert=ALERT), region="eu-west-1")
    (topic,), (alarm,) = setup.topics, setup.alarms
    assert (topic.name, topic.region, topic.is_kept) == ("stillup-www-example-com", "us-east-1", True)
    assert topic.subscriptions == (
        Subscription("email", "oncall@example.com"),
        Subscription("https", "https://hooks.example.com/x"),
    )
    assert (alarm.name, alarm.region) == ("stillup-www-example-com", "us-east-1")
    assert alarm.dimensions == {"HealthCheckId": "${check/primary}"}
    assert alarm.alarm_actions == alarm.ok_actions == ("${topic}",)
    assert (alarm.statistic, alarm.comparison, alarm.threshold) == ("Minimum", "LessThanThreshold", 1.0)


def test_a_topic_given_as_an_arn_is_kept_elsewhere() -> None:
    arn = "arn:aws:sns:us-east-1:123456789012:ops"
    setup = asked(typed(alert={"topic": arn}))
    (topic,), (alarm,) = setup.topics, setup.alarms
    assert (topic.name, topic.is_kept, topic.arn, topic.tags) == ("ops", False, arn, {})
    assert alarm.alarm_actions == (arn,)


def test_nobody_is_told_where_nobody_is_named_and_nothing_is_watched_without_a_check() -> None:
    assert asked().topics == ()
    assert asked(typed(primary={"address": "203.0.113.10"}, alert=ALERT)).alarms == ()


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("example.com", Zone("example.com")),
        ("Example.COM.", Zone("example.com")),
        ("Z0123456789ABC", Zone("", id="Z0123456789ABC")),
        ("/hostedzone/Z0123456789ABC", Zone("", id="Z0123456789ABC")),
    ],
)
def test_a_zone_is_given_by_name_or_by_id(text: str, zone: Zone) -> None:
    assert asked(typed(zone=text)).zone == zone
