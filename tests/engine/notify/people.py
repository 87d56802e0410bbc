"""Topics, subscribers and messages to try things with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from stillup.engine.ports import Delivery
from stillup.rules.ids import Arn, MessageId
from stillup.rules.topics.message import Briefing, Message, MessageType, Seen, Visitors
from stillup.rules.topics.topic import DeliveryProtocol, Subscription, Topic
from stillup.rules.world import World

NOW = 1_700_000_000.0
TOPIC = Arn("arn:aws:sns:us-east-1:123456789012:alerts")
TOKEN = "ab" * 32
ALARM = (
    '{"AlarmName":"primary-is-down","AlarmDescription":"The web server","NewStateValue":"ALARM",'
    '"OldStateValue":"OK","NewStateReason":"Threshold Crossed: 1 datapoint [0.0] was less than the threshold (1.0)."}'
)
BRIEFING = Briefing(
    "The health check of http://192.0.2.1/health fails.",
    NOW - 90,
    (
        Seen("us-east-1", "Failure: Connection refused.", NOW - 30),
        Seen("eu-west-1", "Failure: HTTP Status Code 500, <b>Oops</b>.", NOW - 20),
    ),
    (Visitors("www.example.com", "203.0.113.9, the backup"),),
)


def topic(**given: Any) -> Topic:
    """A topic that somebody made."""
    return Topic(
        **{"arn": TOPIC, "name": "alerts", "region": "us-east-1", "owner": "1", "created_at": NOW, **given}
    )


def subscription(
    name: str = "anna", protocol: str = "email", endpoint: str = "anna@example.com", **given: Any
) -> Subscription:
    """A confirmed subscription of that topic."""
    return Subscription(
        **{
            "arn": Arn(f"{TOPIC}:{name}"),
            "topic_arn": TOPIC,
            "protocol": DeliveryProtocol(protocol),
            "endpoint": endpoint,
            "owner": "123456789012",
            "created_at": NOW,
            "token": TOKEN,
            "token_at": NOW,
            "is_confirmed": True,
            **given,
        }
    )


def message(name: str = "m1", **given: Any) -> Message:
    """A notification."""
    return Message(
        **{
            "id": MessageId(name),
            "topic_arn": TOPIC,
            "type": MessageType.NOTIFICATION,
            "texts": {"default": "It is down."},
            "at": NOW,
            **given,
        }
    )


def alarm() -> Message:
    """What an alarm of a health check publishes."""
    return message(
        subject='ALARM: "primary-is-down" in US East (N. Virginia)',
        texts={"default": ALARM},
        briefing=BRIEFING,
    )


def confirmation(kind: MessageType = MessageType.SUBSCRIPTION_CONFIRMATION) -> Message:
    """What a new subscriber, or one who left, gets."""
    return message(type=kind, recipient=Arn(f"{TOPIC}:anna"), token=TOKEN)


def delivery(sent: Message, *, lane: str = "mail", attempts: int = 0) -> Delivery:
    """On its way to Anna."""
    return Delivery("11111111-2222-5333-8444-555555555555", sent, Arn(f"{TOPIC}:anna"), lane, attempts, NOW)


def world(*subscriptions: Subscription, **given: Any) -> World:
    """The topic and these subscriptions."""
    return World(topics={TOPIC: topic(**given)}, subscriptions={each.arn: each for each in subscriptions})


async def until(condition: Callable[[], bool]) -> None:
    """Let the event loop run until this holds."""
    while not condition():
        await asyncio.sleep(0.001)
