"""Publish and PublishBatch."""

from __future__ import annotations

from typing import Any

import pytest

from stillup.rules.changes import MessagesPublished
from stillup.rules.topics.message import MessageAttribute, MessageType
from tests.engine.api.notification_api import NotificationApi

ARN = "arn:aws:sns:us-east-1:123456789012:alerts"


@pytest.mark.parametrize("parameter", ["TopicArn", "TargetArn"])
async def test_a_publication_goes_into_the_outbox_once_whoever_subscribes(parameter: str) -> None:
    api = NotificationApi()
    topic = await api.topic()
    for number in range(3):
        await api.subscription(topic, Endpoint=f"https://{number}.example/")

    published = await api.call(
        "Publish",
        **{parameter: topic},
        Message='{"default": "Hello", "email": "Dear"}',
        MessageStructure="json",
        Subject="Hi",
        MessageAttributes={"b": {"DataType": "Binary", "BinaryValue": b"\x02\x03"}},
    )

    change = api.worlds.changes[-1]
    assert isinstance(change, MessagesPublished)
    (message,) = change.messages
    assert message.id == published["MessageId"]
    assert (message.type, message.topic_arn, message.recipient) == (MessageType.NOTIFICATION, topic, None)
    assert (message.subject, message.texts) == ("Hi", {"default": "Hello", "email": "Dear"})
    assert message.attributes == {"b": MessageAttribute("Binary", "AgM=")}


async def test_a_batch_is_one_change() -> None:
    api = NotificationApi()
    topic = await api.topic()
    entries = [{"Id": str(number), "Message": f"m{number}"} for number in range(10)]

    published = await api.call("PublishBatch", TopicArn=topic, PublishBatchRequestEntries=entries)

    change = api.worlds.changes[-1]
    assert isinstance(change, MessagesPublished)
    assert [each.texts["default"] for each in change.messages] == [f"m{number}" for number in range(10)]
    assert published["Successful"] == [
        {"Id": str(number), "MessageId": message.id} for number, message in enumerate(change.messages)
    ]
    assert len({message.id for message in change.messages}) == 10


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        ({"TopicArn": f"{ARN}s"}, "NotFound", "Topic does not exist"),
        ({"Message": ""}, "InvalidParameter", "Invalid parameter: Empty message"),
        ({"Subject": "a\nb"}, "InvalidParameter", "Invalid parameter: Subject"),
        ({"Message": "a" * 262_145}, "InvalidParameter", "Invalid parameter: Message too long"),
        (
            {"MessageAttributes": {"a": {"DataType": "Number", "StringValue": "x"}}},
            "ParameterValueInvalid",
            "Could not cast message attribute 'a' value to number.",
        ),
        (
            {"TopicArn": None, "TargetArn": "arn:aws:sns:us-east-1:1:endpoint/GCM/a/b"},
            "InvalidParameter",
            "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified",
        ),
        (
            {"TopicArn": None},
            "InvalidParameter",
            "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
        ),
        (
            {"TopicArn": None, "PhoneNumber": "+15555550100"},
            "InvalidParameter",
            "Invalid parameter: PhoneNumber Reason: SMS is not supported",
        ),
    ],
)
async def test_a_refused_publication_changes_nothing(given: dict[str, Any], code: str, message: str) -> None:
    api = NotificationApi()
    usual = {"TopicArn": await api.topic(), "Message": "Hello"}

    parameters = {name: value for name, value in (usual | given).items() if value is not None}
    error = await api.refusal("Publish", **parameters)

    assert (error.code, error.message) == (code, message)


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "EmptyBatchRequest"),
        ([{"Id": str(number), "Message": "m"} for number in range(11)], "TooManyEntriesInBatchRequest"),
        ([{"Id": "a", "Message": "m"}] * 2, "BatchEntryIdsNotDistinct"),
        ([{"Id": "a.b", "Message": "m"}], "InvalidBatchEntryId"),
        ([{"Id": name, "Message": "m" * 200_000} for name in "ab"], "BatchRequestTooLong"),
        ([{"Id": "a", "Message": "m"}, {"Id": "b", "Message": ""}], "InvalidParameter"),
    ],
)
async def test_a_refused_batch_publishes_nothing(entries: list[dict[str, str]], code: str) -> None:
    api = NotificationApi()

    error = await api.refusal("PublishBatch", TopicArn=await api.topic(), PublishBatchRequestEntries=entries)

    assert error.code == code
