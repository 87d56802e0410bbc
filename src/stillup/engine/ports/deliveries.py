"""How deliveries went, and which were given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from stillup.rules.ids import Arn, Instant
from stillup.rules.topics.message import Message
from stillup.rules.topics.topic import DeliveryProtocol


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How deliveries to one subscription went, since it was made."""

    delivered: int = 0
    failed_attempts: int = 0
    pending: int = 0
    dead: int = 0
    last_delivered_at: Instant | None = None
    last_failure_at: Instant | None = None
    last_failure: str | None = None


class DeliveryReports(Protocol):
    """What became of the messages."""

    def of(self, subscription: Arn) -> DeliveryReport:
        """All noughts for a subscription to which nothing was ever sent."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that was given up after its last retry."""

    id: str
    """The delivery's, the same in every attempt."""
    message: Message
    subscription: Arn
    protocol: DeliveryProtocol
    endpoint: str
    attempts: int
    died_at: Instant
    reason: str


class DeadLetters(Protocol):
    """Deliveries that were given up: kept until somebody looks."""

    async def list(self, *, limit: int, after: str | None = None) -> Sequence[DeadLetter]:
        """In the order of their ids, from the one after `after`."""

    async def redrive(self, ids: Sequence[str] | None = None) -> int:
        """Try these again from the first attempt on, or all; how many. Raises JournalUnavailable."""

    async def discard(self, ids: Sequence[str]) -> None:
        """Forget these; unknown ones are ignored. Raises JournalUnavailable."""
