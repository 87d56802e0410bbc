"""Topics and subscriptions as values (SN-1 to SN-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from stillup.rules.ids import Arn, Instant

TOKEN_LIFETIME: Final = 2 * 86400.0
"""Seconds for which a token confirms a subscription (SN-3)."""


class DeliveryProtocol(StrEnum):
    """The protocols that are spoken here; AWS has more (SN-2)."""

    HTTP = "http"
    HTTPS = "https"
    EMAIL = "email"
    EMAIL_JSON = "email-json"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic. `attributes` are those that were set, as text, by SNS's names."""

    arn: Arn
    name: str
    region: str
    owner: str
    """The account."""
    created_at: Instant
    attributes: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    heartbeat_at: Instant | None = None
    """When its last heartbeat was published."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who is told. Nothing is delivered before `is_confirmed` (SN-3)."""

    arn: Arn
    topic_arn: Arn
    protocol: DeliveryProtocol
    endpoint: str
    owner: str
    created_at: Instant
    token: str
    """Confirms the subscription within two days of `token_at`; unguessable."""
    token_at: Instant
    is_confirmed: bool = False
    needs_authentication_to_unsubscribe: bool = False
    confirmation_was_authenticated: bool = False
    subscribed_by: str = ""
    """The ARN of whoever called Subscribe."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Those that were set, as text, by SNS's names: FilterPolicy, DeliveryPolicy, …"""
