"""Whom a message is for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.engine.notify.addressing import addressee, addressees, has_audience, lane_of
from stillup.rules.ids import Arn
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.topic import Subscription
from tests.engine.notify.people import TOPIC, confirmation, message, subscription, world

ANNA = subscription()
PENDING = subscription("bert", is_confirmed=False)
PICKY = subscription("carl", attributes={"FilterPolicy": '{"kind":["disk"]}'})
STRANGER = replace(subscription("dora"), topic_arn=Arn(f"{TOPIC}-of-others"))


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        (message(), ["anna"]),
        (message(recipient=ANNA.arn), ["anna"]),
        (message(recipient=PENDING.arn), []),
        (message(recipient=STRANGER.arn), []),
        (replace(confirmation(), recipient=PENDING.arn), ["bert"]),
        (replace(confirmation(), recipient=Arn("gone")), []),
        (confirmation(MessageType.UNSUBSCRIBE_CONFIRMATION), ["anna"]),
    ],
)
def test_a_message_is_for_those_whom_it_concerns(sent: Message, names: list[str]) -> None:
    there = world(ANNA, PENDING, PICKY, STRANGER)
    if sent.type is MessageType.UNSUBSCRIBE_CONFIRMATION:
        there = replace(world(), ended_subscriptions={ANNA.arn: ANNA})
    assert [each.arn.rpartition(":")[2] for each in addressees(there, sent)] == names


def test_nobody_gets_what_he_no_longer_wants() -> None:
    assert addressee(world(), message(), ANNA.arn) is None
    assert addressee(replace(world(), ended_subscriptions={ANNA.arn: ANNA}), message(), ANNA.arn) is None
    assert addressee(world(replace(ANNA, is_confirmed=False)), message(), ANNA.arn) is None
    assert addressee(world(ANNA), message(), ANNA.arn) == ANNA


def test_only_a_confirmed_subscription_is_an_audience() -> None:
    assert has_audience(world(ANNA), TOPIC)
    assert not has_audience(world(PENDING, STRANGER), TOPIC)


@pytest.mark.parametrize(
    ("subscriber", "lane"),
    [
        (subscription(protocol="email-json"), "mail"),
        (
            subscription(protocol="https", endpoint="https://user:secret@Hooks.example/a?b"),
            "https://hooks.example",
        ),
        (subscription(protocol="http", endpoint="http://[::1]:8080/"), "http://[::1]:8080"),
        (subscription(protocol="http", endpoint="http://[::1/"), "unusable"),
    ],
)
def test_a_lane_is_the_host_without_its_secrets(subscriber: Subscription, lane: str) -> None:
    assert lane_of(subscriber) == lane
