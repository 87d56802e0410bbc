"""Whom a message is for, in the world as it is."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from stillup.rules.ids import Arn
from stillup.rules.topics.filtering import lets_through
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.topic import DeliveryProtocol, Subscription
from stillup.rules.world import World

_log: Final = logging.getLogger(__name__)
MAIL: Final = "mail"
"""The lane of all mails: they go through one server."""


def addressees(world: World, message: Message) -> Iterator[Subscription]:
    """The subscriptions that are to get this message.

    | message                  | for                                                        |
    |--------------------------|------------------------------------------------------------|
    | Notification             | confirmed ones of the topic whose filter lets it through   |
    | …, with a recipient      | that one, under the same conditions                        |
    | SubscriptionConfirmation | the recipient, as long as it is there                      |
    | UnsubscribeConfirmation  | the recipient, as long as it may come back                 |
    """
    candidates: Iterable[Subscription] = world.subscriptions.values()
    if message.recipient is not None:
        recipient = addressee(world, message, message.recipient)
        candidates = () if recipient is None else (recipient,)
    for each in candidates:
        if each.topic_arn == message.topic_arn and is_for(message, each):
            yield each


def is_for(message: Message, subscription: Subscription) -> bool:
    """Whether a subscription of the message's topic gets it."""
    if message.type is not MessageType.NOTIFICATION:
        return True
    if not subscription.is_confirmed:
        return False
    try:
        return lets_through(subscription, message)
    except Exception:  # noqa: BLE001 - our bug in one filter must not keep others from their message
        _log.exception("a filter policy failed; its subscriber gets the message")
        return True


def addressee(world: World, message: Message, arn: Arn) -> Subscription | None:
    """The subscription to deliver this message to; None: nobody wants it any more."""
    if message.type is MessageType.UNSUBSCRIBE_CONFIRMATION:
        return world.ended_subscriptions.get(arn)
    found = world.subscriptions.get(arn)
    if found is not None and message.type is MessageType.NOTIFICATION and not found.is_confirmed:
        return None
    return found


def has_audience(world: World, topic: Arn) -> bool:
    """Whether anybody has confirmed that he wants to hear of this topic."""
    return any(each.is_confirmed and each.topic_arn == topic for each in world.subscriptions.values())


def lane_of(subscription: Subscription) -> str:
    """What would be down together with this endpoint: the mail server, or the endpoint's host and port.

    Without a user and password that its URL may hold.
    """
    if subscription.protocol in (DeliveryProtocol.EMAIL, DeliveryProtocol.EMAIL_JSON):
        return MAIL
    try:
        parts = urlsplit(subscription.endpoint)
    except ValueError:
        return "unusable"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
