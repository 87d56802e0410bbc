"""What the outbox's worker and the outbox's keeper share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from stillup.engine.ports.deliveries import DeliveryReport
from stillup.rules.ids import Arn, Instant
from stillup.rules.topics.message import Message
from stillup.rules.topics.topic import DeliveryProtocol


class Attempted(StrEnum):
    """How one attempt to deliver ended."""

    DELIVERED = "delivered"
    FAILED = "failed"
    """It is tried again at `due`."""
    GIVEN_UP = "given-up"
    """A dead letter from now on."""
    DROPPED = "dropped"
    """Nobody wants it any more: the subscription is gone."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way to one subscription."""

    id: str
    """Made from the two, so that a message addressed twice is delivered once, and duplicates are recognised."""
    message: Message
    subscription: Arn
    lane: str
    """The endpoints that would be down together: a host, or the mail server."""
    attempts: int
    """That were made and failed."""
    due: Instant


@dataclass(frozen=True, slots=True)
class Among:
    """Which deliveries are asked for."""

    without: Collection[str] = ()
    """Ids."""
    without_lanes: Collection[str] = ()
    only_lane: str | None = None
    after: Instant | None = None
    """Due later than this."""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What became of an attempt."""

    delivery: Delivery
    outcome: Attempted
    at: Instant
    reason: str = ""
    """Where it was not delivered."""
    due: Instant | None = None
    """When it is tried again, where it is."""
    protocol: DeliveryProtocol = DeliveryProtocol.EMAIL
    endpoint: str = ""
    """To be told of a dead letter."""


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """What is in the outbox."""

    pending: int
    dead: int


class OutboxArchive(Protocol):
    """Messages and their deliveries, until each is delivered or a dead letter.

    ```text
    a change ─▶ message ── address ──▶ deliveries ── record ──▶ delivered: gone │ failed: due again │ dead letter
    ```

    Whatever was not recorded before a kill is tried again. All methods but `of` and `counts` raise
    JournalUnavailable.
    """

    async def unaddressed(self, *, limit: int) -> Sequence[Message]:
        """Messages whose deliveries are not all there yet, oldest first."""

    async def add_deliveries(
        self, message: Message, recipients: Sequence[tuple[Arn, str]], *, due: Instant
    ) -> None:
        """Make a delivery for each subscription, with its lane; those that are there stay as they are.

        None is due before `addressed`.
        """

    async def addressed(self, message: Message) -> None:
        """All deliveries of this message are there: let them begin."""

    async def due(self, now: Instant, *, limit: int, among: Among) -> Sequence[Delivery]:
        """Deliveries that are due, longest first."""

    async def next_due(self, *, among: Among) -> Instant | None:
        """When the first is due; None: there is none."""

    async def record(self, results: Sequence[DeliveryResult]) -> None:
        """Keep what became of these, together. A message of which nothing is left to do is forgotten."""

    def on_redrive(self, listener: Callable[[], None]) -> None:
        """Have `listener` called, in the event loop, when dead letters are to be tried again."""

    def of(self, subscription: Arn) -> DeliveryReport:
        """How deliveries to this subscription went."""

    def counts(self) -> OutboxCounts:
        """How much there is."""
