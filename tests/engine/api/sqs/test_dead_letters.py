"""Dead letters read, forgotten and redriven over SQS."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from stillup.engine.ports import DeadLetter
from stillup.rules.ids import Arn, MessageId
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.topic import DeliveryProtocol
from stillup.wire.aws.messages import AwsError
from tests.engine.api.notification_api import NotificationApi

URL = "http://127.0.0.1:4566/123456789012/stillup-dead-letters"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:stillup-dead-letters"


def letter(number: int, *, region: str = "us-east-1") -> DeadLetter:
    topic = Arn(f"arn:aws:sns:{region}:123456789012:alerts")
    message = Message(
        MessageId(f"m{number}"), topic, MessageType.NOTIFICATION, {"default": f"text {number}"}, 5.0
    )
    return DeadLetter(
        f"d{number:03}",
        message,
        Arn(f"{topic}:s"),
        DeliveryProtocol.HTTPS,
        "https://u:secret@example.com/",
        4,
        9.0,
        "status 500",
    )


class Queue(NotificationApi):
    """The API with some dead letters."""

    def __init__(self, *dead: DeadLetter) -> None:
        super().__init__()
        self.dead_letters.letters = {each.id: each for each in dead}

    async def sqs(self, operation: str, **parameters: Any) -> Any:
        """The members of what SQS answers."""
        return await self.call(operation, service="sqs", **parameters)

    async def receive(self, **given: Any) -> list[dict[str, Any]]:
        """The messages received."""
        received = await self.sqs("ReceiveMessage", QueueUrl=URL, **given)
        messages: list[dict[str, Any]] = received.get("Messages", [])
        return messages

    async def count(self, **given: Any) -> list[int]:
        """How many messages are visible, and how many are not."""
        got = await self.sqs("GetQueueAttributes", QueueUrl=URL, AttributeNames=["All"], **given)
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        return [int(got["Attributes"][name]) for name in names]


async def test_the_queue_is_always_there() -> None:
    queue = Queue()

    assert await queue.sqs("ListQueues") == {"QueueUrls": [URL]}
    assert await queue.sqs("ListQueues", QueueNamePrefix="other") == {}
    assert await queue.sqs("GetQueueUrl", QueueName="stillup-dead-letters") == {"QueueUrl": URL}
    assert await queue.count() == [0, 0]
    assert await queue.receive() == []


async def test_a_dead_letter_is_shown_with_what_became_of_it() -> None:
    queue = Queue(letter(1))

    (shown,) = await queue.receive(MessageAttributeNames=["All"], AttributeNames=["SentTimestamp"])

    body = json.loads(shown["Body"])
    assert list(body) == ["Type", "MessageId", "TopicArn", "Message", "Timestamp", "UnsubscribeURL"]
    assert body["Message"] == "text 1"
    assert shown["Attributes"] == {"SentTimestamp": "9000"}
    assert {name: each["StringValue"] for name, each in shown["MessageAttributes"].items()} == {
        "SubscriptionArn": "arn:aws:sns:us-east-1:123456789012:alerts:s",
        "Protocol": "https",
        "Endpoint": "https://u:****@example.com/",
        "Reason": "status 500",
        "Attempts": "4",
    }


async def test_only_the_attributes_asked_for_are_shown() -> None:
    queue = Queue(letter(1))

    (plain,) = await queue.receive(VisibilityTimeout=0)
    (some,) = await queue.receive(MessageAttributeNames=["Reason", "Pro.*"])

    assert not {"Attributes", "MessageAttributes", "MD5OfMessageAttributes"} & set(plain)
    assert set(some["MessageAttributes"]) == {"Reason", "Protocol"}


async def test_what_was_received_is_hidden_for_a_while() -> None:
    queue = Queue(*map(letter, range(3)))

    first = await queue.receive(MaxNumberOfMessages=2)
    second = await queue.receive(MaxNumberOfMessages=10, VisibilityTimeout=60)
    queue.pass_time(30)
    third = await queue.receive(MaxNumberOfMessages=10)
    await queue.sqs("ChangeMessageVisibility", QueueUrl=URL, ReceiptHandle="d002", VisibilityTimeout=0)

    assert [[each["MessageId"] for each in got] for got in (first, second, third)] == [
        ["d000", "d001"],
        ["d002"],
        ["d000", "d001"],
    ]
    assert await queue.count() == [1, 2]


async def test_no_two_callers_receive_the_same_letter_while_more_are_read() -> None:
    queue = Queue(letter(0), *(letter(each, region="eu-west-1") for each in range(1, 200)), letter(200))
    list_at_once = queue.dead_letters.list

    async def list_slowly(*, limit: int, after: str | None = None) -> Sequence[DeadLetter]:
        await asyncio.sleep(0)
        return await list_at_once(limit=limit, after=after)

    queue.dead_letters.list = list_slowly  # type: ignore[method-assign]
    first, second = await asyncio.gather(*(queue.receive(MaxNumberOfMessages=10) for _ in range(2)))

    assert sorted(each["MessageId"] for each in first + second) == ["d000", "d200"]


async def test_waiting_ends_when_a_letter_comes_or_the_time_is_over() -> None:
    queue = Queue()
    before = queue.clock.now()

    assert await queue.receive(WaitTimeSeconds=5) == []
    assert queue.clock.now() == before + 5


async def test_letters_are_deleted_by_their_receipt_handles() -> None:
    queue = Queue(*map(letter, range(4)))

    await queue.sqs("DeleteMessage", QueueUrl=URL, ReceiptHandle="d000")
    entries = [{"Id": "a", "ReceiptHandle": "d001"}, {"Id": "b", "ReceiptHandle": "never"}]
    deleted = await queue.sqs("DeleteMessageBatch", QueueUrl=URL, Entries=entries)

    assert deleted == {"Successful": [{"Id": "a"}, {"Id": "b"}], "Failed": []}
    assert set(queue.dead_letters.letters) == {"d002", "d003"}


async def test_each_region_has_its_own_letters_however_many() -> None:
    queue = Queue(*(letter(each, region="eu-west-1" if each % 2 else "us-east-1") for each in range(450)))

    assert await queue.count() == [225, 0]
    assert await queue.count(region="eu-west-1") == [225, 0]
    await queue.sqs("PurgeQueue", QueueUrl=URL)
    assert await queue.count() == [0, 0]
    assert await queue.count(region="eu-west-1") == [225, 0]


async def test_a_redrive_sends_the_letters_of_the_region_again() -> None:
    queue = Queue(letter(0), letter(1), letter(2, region="eu-west-1"))

    await queue.sqs("StartMessageMoveTask", SourceArn=QUEUE)
    (task,) = (await queue.sqs("ListMessageMoveTasks", SourceArn=QUEUE))["Results"]

    assert queue.dead_letters.redriven == ["d000", "d001"]
    assert set(queue.dead_letters.letters) == {"d002"}
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 2)


@pytest.mark.parametrize(
    ("operation", "parameters", "code"),
    [
        ("GetQueueUrl", {"QueueName": "other"}, "QueueDoesNotExist"),
        ("ReceiveMessage", {"QueueUrl": "http://127.0.0.1/1/other"}, "QueueDoesNotExist"),
        ("PurgeQueue", {"QueueUrl": "other"}, "QueueDoesNotExist"),
        ("ReceiveMessage", {"QueueUrl": URL, "MaxNumberOfMessages": 11}, "InvalidParameterValue"),
        ("ReceiveMessage", {"QueueUrl": URL, "VisibilityTimeout": 43_201}, "InvalidParameterValue"),
        ("ReceiveMessage", {"QueueUrl": URL, "WaitTimeSeconds": 21}, "InvalidParameterValue"),
        (
            "ChangeMessageVisibility",
            {"QueueUrl": URL, "ReceiptHandle": "never received", "VisibilityTimeout": 43_200},
            "MessageNotInflight",
        ),
        ("GetQueueAttributes", {"QueueUrl": URL, "AttributeNames": ["Colour"]}, "InvalidAttributeName"),
        ("DeleteMessageBatch", {"QueueUrl": URL, "Entries": []}, "EmptyBatchRequest"),
        (
            "DeleteMessageBatch",
            {"QueueUrl": URL, "Entries": [{"Id": "a", "ReceiptHandle": "d000"}] * 2},
            "BatchEntryIdsNotDistinct",
        ),
        ("StartMessageMoveTask", {"SourceArn": QUEUE + "s"}, "ResourceNotFoundException"),
        ("StartMessageMoveTask", {"SourceArn": QUEUE, "DestinationArn": QUEUE}, "InvalidParameterValue"),
        ("ListMessageMoveTasks", {"SourceArn": "x"}, "ResourceNotFoundException"),
    ],
)
async def test_a_refused_call_leaves_the_letters(
    operation: str, parameters: dict[str, Any], code: str
) -> None:
    queue = Queue(letter(0))

    with pytest.raises(AwsError) as refused:
        await queue.sqs(operation, **parameters)

    assert refused.value.code == code
    assert set(queue.dead_letters.letters) == {"d000"}
    assert await queue.count() == [1, 0]
