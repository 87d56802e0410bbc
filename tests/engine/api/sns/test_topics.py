"""SNS's operations on topics and tags."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stillup.engine.ports import DeliveryReport
from stillup.rules.ids import Arn
from tests.engine.api.notification_api import NotificationApi

ARN = "arn:aws:sns:us-east-1:123456789012:alerts"


async def test_a_topic_is_created_once() -> None:
    """SN-1."""
    api = NotificationApi()

    assert await api.topic(Attributes={"DisplayName": "Alerts"}) == ARN
    assert await api.topic() == ARN
    assert len(api.worlds.changes) == 1


async def test_a_new_topic_has_the_attributes_of_aws() -> None:
    """Observed on AWS."""
    api = NotificationApi()
    attributes = await api.attributes(await api.topic())

    assert set(attributes) == {
        *("TopicArn", "Owner", "Policy", "DisplayName", "EffectiveDeliveryPolicy"),
        *("SubscriptionsConfirmed", "SubscriptionsPending", "SubscriptionsDeleted"),
        *("stillup:Delivered", "stillup:FailedAttempts", "stillup:Pending", "stillup:DeadLetters"),
    }
    policy = json.loads(attributes["Policy"])
    assert policy["Id"] == "__default_policy_ID"
    assert policy["Statement"][0]["Resource"] == ARN
    assert attributes["DisplayName"] == ""


async def test_attributes_are_set_and_unset() -> None:
    api = NotificationApi()
    topic = await api.topic()
    for name, value in (("DisplayName", "A"), ("SignatureVersion", "2"), ("DisplayName", "")):
        await api.call("SetTopicAttributes", TopicArn=topic, AttributeName=name, AttributeValue=value)
    policy: dict[str, dict[str, Any]] = {
        "http": {"defaultHealthyRetryPolicy": {"numRetries": 5, "minDelayTarget": 1, "maxDelayTarget": 2}}
    }
    text = json.dumps(policy)
    await api.call("SetTopicAttributes", TopicArn=topic, AttributeName="DeliveryPolicy", AttributeValue=text)

    attributes = await api.attributes(topic)

    assert attributes["SignatureVersion"] == "2"
    assert attributes["DisplayName"] == ""
    policy["http"]["disableSubscriptionOverrides"] = False
    assert json.loads(attributes["DeliveryPolicy"]) == policy
    effective = json.loads(attributes["EffectiveDeliveryPolicy"])
    assert effective["http"]["defaultHealthyRetryPolicy"]["numRetries"] == 5


async def test_a_topic_counts_its_subscriptions_and_sums_their_deliveries() -> None:
    api = NotificationApi()
    topic = await api.topic()
    confirmed = await api.subscription(topic)
    other = await api.subscription(topic, Endpoint="https://b.example/")
    ended = await api.subscription(topic, Endpoint="https://c.example/")
    await api.subscription(topic, confirmed=False, Protocol="email", Endpoint="ops@example.com")
    await api.call("Unsubscribe", SubscriptionArn=ended)
    api.deliveries.reports = {
        Arn(confirmed): DeliveryReport(3, 1, 0, 0, 10.0, 5.0, "status 500"),
        Arn(other): DeliveryReport(1, 2, 1, 1, 7.0, 8.5, "timed out"),
    }

    attributes = await api.attributes(topic)

    assert [attributes[f"Subscriptions{state}"] for state in ("Confirmed", "Pending", "Deleted")] == [
        *("2", "1", "1")
    ]
    assert {name: value for name, value in attributes.items() if name.startswith("stillup:")} == {
        "stillup:Delivered": "4",
        "stillup:FailedAttempts": "3",
        "stillup:Pending": "1",
        "stillup:DeadLetters": "1",
        "stillup:LastDelivered": "1970-01-01T00:00:10.000Z",
        "stillup:LastFailure": "1970-01-01T00:00:08.500Z",
        "stillup:LastFailureReason": "timed out",
    }


async def test_each_region_has_its_own_topics_in_pages_of_a_hundred() -> None:
    api = NotificationApi()
    for number in range(101):
        await api.topic(f"t{number:03}")
    await api.topic("elsewhere", region="eu-west-1")

    first = await api.call("ListTopics")
    second = await api.call("ListTopics", NextToken=first["NextToken"])

    assert len(first["Topics"]) == 100
    assert [each["TopicArn"][-4:] for each in second["Topics"]] == ["t100"]
    assert "NextToken" not in second
    assert len((await api.call("ListTopics", region="eu-west-1"))["Topics"]) == 1
    assert (await api.refusal("ListTopics", NextToken="é")).message == "Invalid parameter: NextToken"


async def test_deleting_a_topic_ends_its_subscriptions_and_can_be_repeated() -> None:
    api = NotificationApi()
    topic = await api.topic()
    await api.subscription(topic)

    await api.call("DeleteTopic", TopicArn=topic)
    await api.call("DeleteTopic", TopicArn=topic)

    assert (await api.call("ListSubscriptions"))["Subscriptions"] == []
    assert (await api.refusal("GetTopicAttributes", TopicArn=topic)).code == "NotFound"


async def test_tags_are_added_changed_removed_and_listed() -> None:
    api = NotificationApi()
    topic = await api.topic(Tags=[{"Key": "team", "Value": "a"}, {"Key": "x", "Value": ""}])
    beat = {"Key": "stillup:heartbeat", "Value": "7d"}

    await api.call("TagResource", ResourceArn=topic, Tags=[beat, {"Key": "team", "Value": "b"}])
    await api.call("UntagResource", ResourceArn=topic, TagKeys=["x", "never"])

    listed = await api.call("ListTagsForResource", ResourceArn=topic)
    assert listed["Tags"] == [{"Key": "team", "Value": "b"}, beat]


@pytest.mark.parametrize(
    ("operation", "parameters", "code", "message"),
    [
        ("CreateTopic", {"Name": "a.b"}, "InvalidParameter", "Invalid parameter: Topic Name"),
        (
            "CreateTopic",
            {"Name": "a", "Attributes": {"FifoTopic": "true"}},
            "InvalidParameter",
            "Invalid parameter: Attributes Reason: FifoTopic: FIFO topics are not built",
        ),
        (
            "CreateTopic",
            {"Name": "alerts", "Attributes": {"DisplayName": "Other"}},
            "InvalidParameter",
            "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
        ),
        (
            "CreateTopic",
            {"Name": "alerts", "Tags": [{"Key": "a", "Value": "b"}]},
            "InvalidParameter",
            "Invalid parameter: Tags Reason: Topic already exists with different tags",
        ),
        ("GetTopicAttributes", {"TopicArn": f"{ARN}s"}, "NotFound", "Topic does not exist"),
        (
            "GetTopicAttributes",
            {"TopicArn": "alerts"},
            "InvalidParameter",
            "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
        ),
        (
            "DeleteTopic",
            {"TopicArn": ARN.replace("east", "west")},
            "InvalidParameter",
            "Invalid parameter: TopicArn",
        ),
        (
            "SetTopicAttributes",
            {"TopicArn": ARN, "AttributeName": "FifoTopic", "AttributeValue": "false"},
            "InvalidParameter",
            "Invalid parameter: AttributeName",
        ),
        (
            "SetTopicAttributes",
            {"TopicArn": ARN, "AttributeName": "KmsMasterKeyId", "AttributeValue": "k"},
            "InvalidParameter",
            "Invalid parameter: AttributeName",
        ),
        (
            "TagResource",
            {"ResourceArn": f"{ARN}s", "Tags": [{"Key": "a", "Value": "b"}]},
            "ResourceNotFound",
            "Resource does not exist",
        ),
        ("ListTagsForResource", {"ResourceArn": f"{ARN}s"}, "ResourceNotFound", "Resource does not exist"),
        (
            "TagResource",
            {"ResourceArn": ARN, "Tags": [{"Key": "a", "Value": "b"}] * 2},
            "InvalidParameter",
            "Invalid parameter: Duplicated keys are not allowed.",
        ),
    ],
)
async def test_a_refused_call_changes_nothing(
    operation: str, parameters: dict[str, Any], code: str, message: str
) -> None:
    api = NotificationApi()
    await api.topic()

    error = await api.refusal(operation, **parameters)

    assert (error.code, error.message) == (code, message)
