"""Topics, their attributes, policies and tags."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from stillup.rules.changes import TopicPut
from stillup.rules.iam.policy import Policy
from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.rules.topics.attributes import (
    dead_letter_arn,
    with_subscription_attributes,
    with_topic_attributes,
)
from stillup.rules.topics.lifecycle import create, find_topic, retag
from stillup.rules.topics.policy import default_policy, parse_topic_policy
from stillup.rules.topics.topic import DeliveryProtocol, Topic
from stillup.rules.world import World, fold
from tests.rules.topics.mail import SUBSCRIPTION, TOPIC

EXISTING = replace(TOPIC, attributes={"DisplayName": "My"}, tags={"a": "1", "b": "2"})
WORLD = fold(World(), TopicPut(EXISTING))
EMAIL = replace(SUBSCRIPTION, protocol=DeliveryProtocol.EMAIL, endpoint="a@b")


@pytest.mark.parametrize(
    ("attributes", "tags", "reason"),
    [
        ({}, [], None),
        ({"DisplayName": "My"}, [("a", "1"), ("b", "2")], None),
        ({"DisplayName": "Other"}, [], "Attributes Reason: Topic already exists with different attributes"),
        ({"SignatureVersion": "2"}, [], "Attributes Reason: Topic already exists with different attributes"),
        ({}, [("a", "2")], "Tags Reason: Topic already exists with different tags"),
        ({}, [("c", "3")], "Tags Reason: Topic already exists with different tags"),
    ],
)
def test_creating_a_topic_again_gives_the_same_one_or_is_refused(
    attributes: dict[str, str], tags: list[tuple[str, str]], reason: str | None
) -> None:
    """SN-1."""
    outcome = create(WORLD, TOPIC, attributes=attributes, tags=tags)

    assert outcome == (
        EXISTING if reason is None else Refusal.because("InvalidParameter", f"Invalid parameter: {reason}")
    )


@pytest.mark.parametrize("name", ["", "a b", "a.b", "x.fifo", "é", "a" * 257, "a\n"])
def test_a_bad_name_is_refused(name: str) -> None:
    refused = create(World(), replace(TOPIC, name=name), attributes={}, tags=[])

    assert refused == Refusal.because("InvalidParameter", "Invalid parameter: Topic Name")


@pytest.mark.parametrize(
    ("arn", "code", "reason"),
    [
        ("", "InvalidParameter", "Reason: An ARN must have at least 6 elements, not 1"),
        ("a:b", "InvalidParameter", "Reason: An ARN must have at least 6 elements, not 2"),
        (TOPIC.arn.replace("west", "east"), "InvalidParameter", "Invalid parameter: TopicArn"),
        (TOPIC.arn + "s", "NotFound", "Topic does not exist"),
    ],
)
def test_an_arn_that_names_no_topic_is_refused(arn: str, code: str, reason: str) -> None:
    refused = find_topic(WORLD, arn, region="us-west-2")

    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert reason in refused.message


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        ({"DisplayName": "é" * 100}, {"DisplayName": "é" * 100}),
        ({"DisplayName": ""}, {}),
        ({"SignatureVersion": "2"}, {"SignatureVersion": "2"}),
        ({"TracingConfig": "PassThrough"}, {"TracingConfig": "PassThrough"}),
        ({"FifoTopic": "false", "KmsMasterKeyId": ""}, {}),
        ({"DisplayName": "a" * 101}, None),
        ({"DisplayName": "a\r\nBcc: b"}, None),
        ({"SignatureVersion": "3"}, None),
        ({"TracingConfig": "Active"}, None),
        ({"FifoTopic": "true"}, None),
        ({"KmsMasterKeyId": "alias/aws/sns"}, None),
        ({"HTTPSuccessFeedbackRoleArn": "arn:aws:iam::1:role/x"}, None),
        ({"SQSSuccessFeedbackSampleRate": "0"}, {}),
        ({"SQSSuccessFeedbackSampleRate": "100"}, None),
        ({"Owner": "me"}, None),
        ({"Policy": "{}"}, None),
        ({"DeliveryPolicy": "x"}, None),
    ],
)
def test_topics_take_the_attributes_that_are_built(
    attributes: dict[str, str], kept: dict[str, str] | None
) -> None:
    outcome = with_topic_attributes(TOPIC, attributes)

    assert (outcome.attributes if isinstance(outcome, Topic) else None) == kept


ALLOW = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudwatch.amazonaws.com"},
    "Action": "SNS:Publish",
    "Resource": TOPIC.arn,
}


@pytest.mark.parametrize(
    ("change", "accepted"),
    [
        ({}, True),
        ({"Principal": "*", "Condition": {"StringEquals": {"AWS:SourceOwner": "1"}}}, True),
        ({"Effect": "Deny", "Principal": {"AWS": ["*"]}, "Action": ["sns:*"]}, True),
        ({"Effect": "Maybe"}, False),
        ({"Principal": {}}, False),
        ({"Principal": {"Martian": "x"}}, False),
        ({"Action": "s3:GetObject"}, False),
        ({"Action": []}, False),
        ({"Resource": 5}, False),
        ({"Condition": {"Nonsense": {"a": "b"}}}, False),
        ({"Extra": 1}, False),
    ],
)
def test_a_policy_is_one_that_the_evaluator_takes(change: dict[str, Any], *, accepted: bool) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW | change]})

    assert isinstance(parse_topic_policy(text), Policy) is accepted


def test_the_default_policy_is_a_policy() -> None:
    assert isinstance(parse_topic_policy(default_policy(TOPIC)), Policy)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("RawMessageDelivery", "yes", "RawMessageDelivery: Invalid value [yes]. Must be true or false."),
        ("RawMessageDelivery", "", "RawMessageDelivery: Invalid value []. Must be true or false."),
        ("FilterPolicy", "x", "FilterPolicy: failed to parse JSON"),
        (
            "FilterPolicyScope",
            "Body",
            "FilterPolicyScope: Invalid value [Body]. Please use either MessageBody or MessageAttributes",
        ),
        ("RedrivePolicy", "x", "RedrivePolicy: failed to parse JSON."),
        ("RedrivePolicy", "{}", "RedrivePolicy: deadLetterTargetArn is an invalid arn"),
        ("SubscriptionRoleArn", "x", "AttributeName"),
        ("PendingConfirmation", "false", "AttributeName"),
    ],
)
def test_a_bad_attribute_of_a_subscription_is_refused(name: str, value: str, reason: str) -> None:
    refused = with_subscription_attributes(SUBSCRIPTION, {name: value})

    assert refused == Refusal.because("InvalidParameter", f"Invalid parameter: {reason}")


def test_dead_letters_go_to_the_one_queue() -> None:
    ours = json.dumps({"deadLetterTargetArn": dead_letter_arn(TOPIC.arn)})

    accepted = with_subscription_attributes(SUBSCRIPTION, {"RedrivePolicy": ours})
    refused = with_subscription_attributes(SUBSCRIPTION, {"RedrivePolicy": ours.replace("stillup", "other")})

    assert not isinstance(accepted, Refusal)
    assert accepted.attributes == {"RedrivePolicy": ours}
    assert isinstance(refused, Refusal)


def test_raw_delivery_is_a_flag_in_any_case() -> None:
    raw = with_subscription_attributes(SUBSCRIPTION, {"RawMessageDelivery": "True"})

    assert not isinstance(raw, Refusal)
    assert raw.attributes == {"RawMessageDelivery": "true"}


def test_a_nested_filter_wants_the_scope_of_bodies() -> None:
    nested = {"FilterPolicy": '{"a": {"b": ["c"]}}'}

    both = with_subscription_attributes(SUBSCRIPTION, {**nested, "FilterPolicyScope": "MessageBody"})

    assert isinstance(with_subscription_attributes(SUBSCRIPTION, nested), Refusal)
    assert not isinstance(both, Refusal)
    back = with_subscription_attributes(both, {"FilterPolicyScope": "MessageAttributes"})
    assert isinstance(back, Refusal)
    unset = with_subscription_attributes(both, {"FilterPolicy": ""})
    assert not isinstance(unset, Refusal)
    assert "FilterPolicy" not in unset.attributes


@pytest.mark.parametrize(
    "attributes", [{"RawMessageDelivery": "true"}, {"DeliveryPolicy": '{"healthyRetryPolicy": null}'}]
)
def test_mails_are_neither_raw_nor_retried_otherwise(attributes: dict[str, str]) -> None:
    assert isinstance(with_subscription_attributes(EMAIL, attributes), Refusal)


@pytest.mark.parametrize(
    ("add", "code"),
    [
        ([("a", "1"), ("a", "2")], "InvalidParameter"),
        ([("aws:a", "1")], "InvalidParameter"),
        ([("", "1")], "InvalidParameter"),
        ([("a" * 129, "1")], "InvalidParameter"),
        ([("a", "1" * 257)], "InvalidParameter"),
        ([("a", "\x00")], "InvalidParameter"),
        ([("stillup:heartbeat", "often")], "InvalidParameter"),
        ([("stillup:interval", "1s")], "InvalidParameter"),
        ([(f"k{i}", "") for i in range(51)], "TagLimitExceeded"),
    ],
)
def test_bad_tags_are_refused(add: list[tuple[str, str]], code: str) -> None:
    refused = retag(TOPIC, add=add, remove=())

    assert isinstance(refused, Refusal)
    assert refused.code == code


def test_another_topic_of_the_same_name_is_in_another_region() -> None:
    other = replace(TOPIC, arn=Arn(TOPIC.arn.replace("west", "east")), region="us-east-2")

    assert create(WORLD, other, attributes={}, tags=[]) == TopicPut(other)
