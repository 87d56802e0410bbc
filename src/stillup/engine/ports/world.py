"""The world, how it changes, and objects' contents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from stillup.rules.changes import Change
from stillup.rules.ids import BlobId
from stillup.rules.refusal import Refusal
from stillup.rules.world import World


@dataclass(frozen=True, slots=True)
class Committed:
    """The change is on disk and published; `world` is the world right after it.

    `change` is None where the decision was that nothing needs to change.
    """

    world: World
    change: Change | None


class Worlds(Protocol):
    """The current world, and the only way to the next."""

    @property
    def current(self) -> World:
        """The world of all acknowledged changes."""

    async def commit(self, decide: Callable[[World], Change | Refusal | None]) -> Committed | Refusal:
        """Let `decide` look at the newest world, append what it wants to the journal, publish, return.

        `decide` is pure and may be called again. When this returns Committed the change is on disk.
        A Refusal is passed through and nothing happens. Raises JournalUnavailable if the disk fails.
        """

    def subscribe(self, listener: Callable[[World, Sequence[Change]], None]) -> None:
        """Have `listener` called, in order and in the event loop, with each newly published world."""


class JournalUnavailable(Exception):
    """The world's fault: the journal cannot be written (disk full, I/O error). Nothing was changed."""


class Blobs(Protocol):
    """Object contents: written aside, then there whole under an id, or not at all."""

    async def write(self, chunks: AsyncIterator[bytes]) -> BlobId:
        """Store the chunks, durably. An exception from `chunks` leaves nothing behind."""

    async def join(self, blobs: Sequence[BlobId]) -> BlobId:
        """Store the concatenation of these blobs, durably."""

    def read(self, blob: BlobId, start: int, length: int) -> AsyncIterator[bytes]:
        """The octets of this range in chunks of at most 1 MiB. Raises FileNotFoundError."""

    async def discard(self, blobs: Sequence[BlobId]) -> None:
        """Forget these blobs; unknown ones are ignored."""
