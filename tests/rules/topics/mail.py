"""A topic, a subscription and a message to start from."""

from __future__ import annotations

from typing import Any

from stillup.rules.ids import Arn, MessageId
from stillup.rules.topics.message import Message, MessageAttribute, MessageType
from stillup.rules.topics.topic import DeliveryProtocol, Subscription, Topic

NOW = 1_335_920_046.655
TOPIC = Topic(Arn("arn:aws:sns:us-west-2:123456789012:MyTopic"), "MyTopic", "us-west-2", "123456789012", NOW)
SUBSCRIPTION = Subscription(
    arn=Arn(f"{TOPIC.arn}:c9135db0-26c4-47ec-8998-413945fb5a96"),
    topic_arn=TOPIC.arn,
    protocol=DeliveryProtocol.HTTPS,
    endpoint="https://example.com/hook",
    owner="123456789012",
    created_at=NOW,
    token="ab" * 32,
    token_at=NOW,
)


def message(text: str = "Hello world!", **given: Any) -> Message:
    """A notification with this text, unless the test says otherwise."""
    usual: dict[str, Any] = {
        "id": MessageId("22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"),
        "topic_arn": TOPIC.arn,
        "type": MessageType.NOTIFICATION,
        "texts": {"default": text},
        "at": NOW,
    }
    return Message(**(usual | given))


def attributes(**typed: tuple[str, str]) -> dict[str, MessageAttribute]:
    """Message attributes from pairs of type and value."""
    return {name: MessageAttribute(*pair) for name, pair in typed.items()}
