"""DeliveryPolicy documents (SN-10)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from stillup.rules.topics.delivery_policy import (
    DeliveryPolicy,
    check_subscription_policy,
    check_topic_policy,
    effective_of_subscription,
    effective_of_topic,
    policy_of,
    shown_of_subscription,
    shown_of_topic,
)
from stillup.rules.topics.retries import SMTP_RETRIES, Backoff, RetryPolicy
from stillup.rules.topics.topic import DeliveryProtocol, Subscription, Topic
from tests.rules.topics.mail import SUBSCRIPTION, TOPIC

FIVE = {"numRetries": 5, "minDelayTarget": 1, "maxDelayTarget": 9}
SEVEN = {"numRetries": 7, "minDelayTarget": 2, "maxDelayTarget": 3, "backoffFunction": "geometric"}


def topic_with(**http: Any) -> Topic:
    return replace(TOPIC, attributes={"DeliveryPolicy": json.dumps({"http": http})})


def subscription_with(**members: Any) -> Subscription:
    return replace(SUBSCRIPTION, attributes={"DeliveryPolicy": json.dumps(members)})


@pytest.mark.parametrize(
    ("topic", "subscription", "policy"),
    [
        (TOPIC, SUBSCRIPTION, DeliveryPolicy()),
        (None, SUBSCRIPTION, DeliveryPolicy()),
        (
            topic_with(defaultHealthyRetryPolicy=FIVE),
            SUBSCRIPTION,
            DeliveryPolicy(RetryPolicy(5, 1, 9)),
        ),
        (
            topic_with(defaultHealthyRetryPolicy=FIVE, defaultThrottlePolicy={"maxReceivesPerSecond": 9}),
            subscription_with(healthyRetryPolicy=SEVEN),
            DeliveryPolicy(RetryPolicy(7, 2, 3, backoff=Backoff.GEOMETRIC), 9),
        ),
        (
            topic_with(disableSubscriptionOverrides=True),
            subscription_with(healthyRetryPolicy=SEVEN),
            DeliveryPolicy(),
        ),
        (
            TOPIC,
            subscription_with(requestPolicy={"headerContentType": "application/json"}),
            DeliveryPolicy(content_type="application/json"),
        ),
        (
            topic_with(defaultHealthyRetryPolicy=FIVE),
            replace(SUBSCRIPTION, protocol=DeliveryProtocol.EMAIL_JSON),
            DeliveryPolicy(SMTP_RETRIES),
        ),
        (replace(TOPIC, attributes={"DeliveryPolicy": "damaged"}), SUBSCRIPTION, DeliveryPolicy()),
    ],
)
def test_the_subscription_wins_unless_the_topic_forbids_it(
    topic: Topic | None, subscription: Subscription, policy: DeliveryPolicy
) -> None:
    assert policy_of(topic, subscription) == policy


def test_the_effective_policy_of_a_topic_is_that_of_aws() -> None:
    """Observed on AWS."""
    assert effective_of_topic(TOPIC) == (
        '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,'
        '"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},'
        '"disableSubscriptionOverrides":false,'
        '"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}'
    )


def test_a_policy_is_shown_as_aws_shows_it() -> None:
    """Observed on AWS."""
    set_for_topic = '{"http": {"defaultHealthyRetryPolicy": null, "defaultRequestPolicy": {"headerContentType": "text/csv"}}}'
    shown = '{"http":{"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/csv"}}}'
    set_for_one = '{"requestPolicy": {"headerContentType": "text/csv"}}'

    assert shown_of_topic(set_for_topic) == shown
    assert shown_of_subscription(set_for_one) == (
        '{"healthyRetryPolicy":null,"sicklyRetryPolicy":null,"throttlePolicy":null,'
        '"requestPolicy":{"headerContentType":"text/csv"},"guaranteed":false}'
    )


def test_an_effective_policy_can_be_set_again() -> None:
    assert check_topic_policy(effective_of_topic(TOPIC)) is None
    assert check_subscription_policy(effective_of_subscription(TOPIC, SUBSCRIPTION)) is None


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"numRetries": 5, "minDelayTarget": 1}, "healthyRetryPolicy.maxDelayTarget must be specified"),
        (
            FIVE | {"minDelayTarget": 0},
            "healthyRetryPolicy.minDelayTarget must be greater than or equal to 1",
        ),
        (FIVE | {"numRetries": 101}, "healthyRetryPolicy.numRetries must be less than or equal to 100"),
        (FIVE | {"numRetries": "5"}, "healthyRetryPolicy.numRetries must be a whole number"),
        (FIVE | {"numRetries": True}, "healthyRetryPolicy.numRetries must be a whole number"),
        (
            FIVE | {"minDelayTarget": 10},
            "healthyRetryPolicy.minDelayTarget must be less than or equal to maxDelayTarget",
        ),
        (
            FIVE | {"numNoDelayRetries": 3, "numMaxDelayRetries": 3},
            "healthyRetryPolicy.numRetries must be greater than or equal to the sum of numNoDelayRetries, ",
        ),
        (
            FIVE | {"backoffFunction": "magic"},
            "healthyRetryPolicy.backoffFunction must be one of linear, arithmetic, geometric, exponential",
        ),
        (FIVE | {"backoffFunction": ["linear"]}, "healthyRetryPolicy.backoffFunction must be one of"),
        (
            {"numRetries": 100, "minDelayTarget": 60, "maxDelayTarget": 60},
            "healthyRetryPolicy: the delays add up to 6000 seconds, more than 3600",
        ),
        (FIVE | {"extra": 1}, "unexpected member extra"),
        ([], "healthyRetryPolicy must be a JSON object"),
    ],
)
def test_a_bad_retry_policy_is_refused(members: Any, reason: str) -> None:
    refused = check_subscription_policy(json.dumps({"healthyRetryPolicy": members}))

    assert refused is not None
    assert refused.code == "InvalidParameter"
    assert refused.message.startswith(f"Invalid parameter: DeliveryPolicy: {reason}")


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "x",
        '{"http": 5}',
        '{"https": {}}',
        '{"http": {"x": 1}}',
        '{"http": {"disableSubscriptionOverrides": 1}}',
        '{"http": {"defaultThrottlePolicy": {"maxReceivesPerSecond": 0}}}',
        '{"http": {"defaultRequestPolicy": {"headerContentType": "text/plain\\r\\nX: y"}}}',
        '{"http": {"defaultRequestPolicy": {"headerContentType": "image/png"}}}',
        "[" * 100_000,
    ],
)
def test_a_bad_policy_of_a_topic_is_refused(text: str) -> None:
    refused = check_topic_policy(text)

    assert refused is not None
    assert refused.message.startswith("Invalid parameter: DeliveryPolicy: ")
