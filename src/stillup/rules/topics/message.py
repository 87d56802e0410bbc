"""A message on its way from a topic to its subscribers (SN-5 to SN-7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stillup.rules.ids import Arn, Instant, MessageId


class MessageType(StrEnum):
    """`x-amz-sns-message-type`."""

    NOTIFICATION = "Notification"
    SUBSCRIPTION_CONFIRMATION = "SubscriptionConfirmation"
    UNSUBSCRIBE_CONFIRMATION = "UnsubscribeConfirmation"


@dataclass(frozen=True, slots=True)
class MessageAttribute:
    """A message attribute; `value` is base64 where the type is Binary."""

    data_type: str
    value: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What one vantage saw of an endpoint, as Route 53 words it (HC-54)."""

    vantage: str
    text: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Visitors:
    """What visitors of one name get at the moment."""

    name: str
    answer: str


@dataclass(frozen=True, slots=True)
class Briefing:
    """What a person needs to know at 2 AM, as it was when the message was made."""

    headline: str
    """One sentence: what failed or came back."""
    since: Instant
    seen: tuple[Seen, ...] = ()
    visitors: tuple[Visitors, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What was published, once, for everybody whom it concerns.

    `texts` has the message by protocol, and `default` for the rest (SN-5, MessageStructure).
    """

    id: MessageId
    topic_arn: Arn
    type: MessageType
    texts: Mapping[str, str]
    at: Instant
    subject: str | None = None
    attributes: Mapping[str, MessageAttribute] = field(default_factory=dict)
    recipient: Arn | None = None
    """The one subscription that this is for; None: all of the topic whose filter lets it through.

    That of an UnsubscribeConfirmation is among the world's `ended_subscriptions`.
    """
    token: str | None = None
    """In confirmations."""
    briefing: Briefing | None = None
    """Where an alarm of a health check speaks: what its mail says beside the message."""
