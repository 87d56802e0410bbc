"""Subscribing, confirming and leaving (SN-3, SN-4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.changes import SubscriptionDeleted, SubscriptionPut, TopicDeleted, TopicPut
from stillup.rules.ids import Arn, MessageId
from stillup.rules.refusal import Refusal
from stillup.rules.topics.message import MessageType
from stillup.rules.topics.subscribing import confirm, exists, is_pending, subscribe, unsubscribe
from stillup.rules.topics.topic import DeliveryProtocol, Subscription
from stillup.rules.world import World, fold
from tests.rules.topics.mail import NOW, SUBSCRIPTION, TOPIC

DAY = 86400.0
MESSAGE = MessageId("m")
WITH_TOPIC = fold(World(), TopicPut(TOPIC))
PENDING = fold(WITH_TOPIC, SubscriptionPut(SUBSCRIPTION))
CONFIRMED_ONE = replace(SUBSCRIPTION, is_confirmed=True)
CONFIRMED = fold(WITH_TOPIC, SubscriptionPut(CONFIRMED_ONE))
AGAIN = replace(SUBSCRIPTION, arn=Arn(f"{TOPIC.arn}:other"), token="cd" * 32, token_at=NOW + DAY)


def asked(world: World, new: Subscription) -> SubscriptionPut:
    outcome = subscribe(world, new, message_id=MESSAGE)
    assert isinstance(outcome, SubscriptionPut)
    return outcome


def test_a_new_subscription_is_asked_to_confirm() -> None:
    """SN-3, SN-7."""
    change = asked(WITH_TOPIC, SUBSCRIPTION)

    assert change.subscription == SUBSCRIPTION
    assert [(m.type, m.recipient, m.token) for m in change.messages] == [
        (MessageType.SUBSCRIPTION_CONFIRMATION, SUBSCRIPTION.arn, SUBSCRIPTION.token)
    ]
    assert change.messages[0].texts["default"] == (
        f"You have chosen to subscribe to the topic {TOPIC.arn}.\n"
        "To confirm the subscription, visit the SubscribeURL included in this message."
    )


def test_subscribing_again_while_pending_asks_again_with_the_same_token() -> None:
    change = asked(PENDING, AGAIN)

    assert change.subscription == replace(SUBSCRIPTION, token_at=AGAIN.token_at)
    assert change.messages[0].token == SUBSCRIPTION.token


def test_subscribing_again_after_two_days_starts_anew_under_the_same_arn() -> None:
    late = replace(AGAIN, token_at=NOW + 2 * DAY + 1)

    assert asked(PENDING, late).subscription == replace(late, arn=SUBSCRIPTION.arn)


def test_subscribing_a_confirmed_endpoint_again_changes_nothing() -> None:
    assert subscribe(CONFIRMED, AGAIN, message_id=MESSAGE) == CONFIRMED_ONE


@pytest.mark.parametrize(
    ("name", "value"), [("FilterPolicyScope", "MessageAttributes"), ("RawMessageDelivery", "false")]
)
def test_a_default_that_is_spelled_out_is_no_other_attribute(name: str, value: str) -> None:
    """Observed on AWS."""
    given = replace(AGAIN, attributes={name: value})

    assert subscribe(CONFIRMED, given, message_id=MESSAGE) == CONFIRMED_ONE


def test_the_same_endpoint_over_another_protocol_is_another_subscription() -> None:
    other = replace(AGAIN, protocol=DeliveryProtocol.HTTP)

    assert asked(CONFIRMED, other).subscription == other


@pytest.mark.parametrize("world", [PENDING, CONFIRMED])
def test_the_same_endpoint_with_other_attributes_is_refused(world: World) -> None:
    given = replace(AGAIN, attributes={"RawMessageDelivery": "true"})

    assert subscribe(world, given, message_id=MESSAGE) == Refusal.because(
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: Subscription already exists with different attributes",
    )


def test_there_is_no_subscribing_to_a_topic_that_is_not_there() -> None:
    refused = subscribe(World(), SUBSCRIPTION, message_id=MESSAGE)

    assert refused == Refusal.because("NotFound", "Topic does not exist")


@pytest.mark.parametrize(
    ("world", "token", "age", "confirmed"),
    [
        (PENDING, SUBSCRIPTION.token, 0.0, True),
        (PENDING, SUBSCRIPTION.token, 2 * DAY, True),
        (PENDING, SUBSCRIPTION.token, 2 * DAY + 1, False),
        (CONFIRMED, SUBSCRIPTION.token, 99 * DAY, True),
        (PENDING, "00" * 32, 0.0, False),
        (PENDING, "nonsense", 0.0, False),
        (PENDING, "", 0.0, False),
    ],
)
def test_a_token_confirms_for_two_days(world: World, token: str, age: float, *, confirmed: bool) -> None:
    """SN-3."""
    outcome = confirm(world, TOPIC.arn, token, authenticated=False, now=NOW + age)

    assert isinstance(outcome, SubscriptionPut) is confirmed
    if isinstance(outcome, SubscriptionPut):
        assert outcome == SubscriptionPut(CONFIRMED_ONE)
    else:
        assert outcome.code == "InvalidParameter"


def test_a_token_is_of_no_use_for_another_topic() -> None:
    outcome = confirm(PENDING, Arn("arn:aws:sns:x:1:o"), SUBSCRIPTION.token, authenticated=True, now=NOW)

    assert outcome == Refusal.because("InvalidParameter", "Invalid parameter: Topic")


def test_only_an_authenticated_confirmation_can_ask_for_authenticated_leaving() -> None:
    asking = {"authenticate_on_unsubscribe": True, "now": NOW}
    refused = confirm(PENDING, TOPIC.arn, SUBSCRIPTION.token, authenticated=False, **asking)  # type: ignore[arg-type]
    accepted = confirm(PENDING, TOPIC.arn, SUBSCRIPTION.token, authenticated=True, **asking)  # type: ignore[arg-type]

    assert isinstance(refused, Refusal)
    assert refused.code == "AuthorizationError"
    assert isinstance(accepted, SubscriptionPut)
    assert accepted.subscription.needs_authentication_to_unsubscribe
    world = fold(PENDING, accepted)
    left = unsubscribe(
        world, SUBSCRIPTION.arn, authenticated=False, now=NOW, message_id=MESSAGE, token="ef" * 32
    )
    assert isinstance(left, Refusal)
    assert left.code == "AuthorizationError"


@pytest.mark.parametrize(
    ("protocol", "is_confirmed", "authenticated", "is_told"),
    [
        (DeliveryProtocol.HTTPS, True, True, True),
        (DeliveryProtocol.HTTP, True, False, True),
        (DeliveryProtocol.HTTPS, False, False, False),
        (DeliveryProtocol.EMAIL, True, True, False),
        (DeliveryProtocol.EMAIL, True, False, True),
        (DeliveryProtocol.EMAIL_JSON, False, True, False),
    ],
)
def test_who_is_told_that_a_subscription_ended(
    protocol: DeliveryProtocol, *, is_confirmed: bool, authenticated: bool, is_told: bool
) -> None:
    world = fold(
        WITH_TOPIC, SubscriptionPut(replace(SUBSCRIPTION, protocol=protocol, is_confirmed=is_confirmed))
    )

    change = unsubscribe(
        world, SUBSCRIPTION.arn, authenticated=authenticated, now=NOW, message_id=MESSAGE, token="ef" * 32
    )

    assert isinstance(change, SubscriptionDeleted)
    assert [m.type for m in change.messages] == [MessageType.UNSUBSCRIBE_CONFIRMATION] * is_told
    after = fold(world, change)
    assert SUBSCRIPTION.arn not in after.subscriptions
    assert (SUBSCRIPTION.arn in after.ended_subscriptions) is is_told


def test_a_subscription_that_ended_can_be_brought_back_for_two_days() -> None:
    """SN-7: the farewell offers it."""
    change = unsubscribe(
        CONFIRMED, SUBSCRIPTION.arn, authenticated=False, now=NOW + DAY, message_id=MESSAGE, token="ef" * 32
    )
    assert isinstance(change, SubscriptionDeleted)
    ended = fold(CONFIRMED, change)

    back = confirm(ended, TOPIC.arn, "ef" * 32, authenticated=False, now=NOW + 3 * DAY)
    late = confirm(ended, TOPIC.arn, "ef" * 32, authenticated=False, now=NOW + 3 * DAY + 1)

    assert isinstance(back, SubscriptionPut)
    restored = fold(ended, back)
    assert restored.subscriptions[SUBSCRIPTION.arn].is_confirmed
    assert not restored.ended_subscriptions
    assert isinstance(late, Refusal)
    assert not fold(ended, TopicDeleted(TOPIC.arn)).ended_subscriptions


def test_what_ended_is_forgotten_when_another_ends_after_its_time() -> None:
    earlier = replace(SUBSCRIPTION, token_at=NOW)
    later = replace(AGAIN, token_at=NOW + 2 * DAY + 1)
    world = fold(CONFIRMED, SubscriptionDeleted(earlier.arn, restorable=earlier))

    assert set(fold(world, SubscriptionDeleted(later.arn, restorable=later)).ended_subscriptions) == {
        later.arn
    }


def test_leaving_a_subscription_that_is_not_there_is_no_mistake() -> None:
    assert (
        unsubscribe(World(), SUBSCRIPTION.arn, authenticated=True, now=NOW, message_id=MESSAGE, token="")
        is None
    )


def test_a_pending_subscription_is_as_good_as_gone_after_two_days() -> None:
    assert is_pending(SUBSCRIPTION, NOW + 2 * DAY)
    assert not exists(SUBSCRIPTION, NOW + 2 * DAY + 1)
    assert exists(CONFIRMED_ONE, NOW + 99 * DAY)
