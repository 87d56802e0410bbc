"""The current world and the way to the next: decide, append, publish.

    commit ──decide──> head ──one transaction──> journal ──> published ──> subscribers ──> the caller
                        ^                           │ fails
                        └──── back to published <───┘  everybody who waited is told

Decisions are taken one after the other, in the event loop, on the head: the world of all changes decided so
far. Those taken while the disk is busy go into the next transaction together. Nobody is answered before all
that his answer rests on is on disk, a refusal included.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from stillup.engine.ports import Committed, Figure, JournalUnavailable
from stillup.engine.store.codec import encode_change, encode_world
from stillup.engine.store.counters import JournalCounters
from stillup.engine.store.database import Database
from stillup.engine.store.errors import SequenceConflict, StoreUnusable
from stillup.engine.store.journal import Journal
from stillup.rules.changes import Change
from stillup.rules.refusal import Refusal
from stillup.rules.world import World, fold

CHECKPOINT_CHANGES: Final = 2_000
CHECKPOINT_BYTES: Final = 16 * 2**20
"""A checkpoint is made when this much follows the last; a start then takes about a second at worst."""

_log: Final = logging.getLogger(__name__)

Decide = Callable[[World], Change | Refusal | None]
Listener = Callable[[World, Sequence[Change]], None]
_Row = tuple[str, bytes]
"""An encoded change."""


@dataclass(slots=True)
class _Waiter:
    decide: Decide
    answered: asyncio.Future[Committed | Refusal]
    outcome: Committed | Refusal = field(init=False)
    row: _Row | None = field(init=False)


class JournaledWorlds:
    """The `Worlds` of an engine with a journal of its own."""

    def __init__(
        self,
        database: Database,
        *,
        checkpoint_changes: int = CHECKPOINT_CHANGES,
        checkpoint_bytes: int = CHECKPOINT_BYTES,
    ) -> None:
        """Start from what the journal holds. Blocks. Raises StoreUnusable."""
        self._database = database
        self._journal = Journal(database)
        self._published = self._head = self._journal.load()
        self._waiters: list[_Waiter] = []
        self._listeners: list[Listener] = []
        self._writing: asyncio.Task[None] | None = None
        self._checkpointing: asyncio.Task[None] | None = None
        self._checkpoint_changes = checkpoint_changes
        self._checkpoint_bytes = checkpoint_bytes
        self._counters = JournalCounters(checkpoint_sequence=max(self._journal.checkpoints(), default=0))
        self._tail_changes = self._published.sequence - self._counters.checkpoint_sequence
        self._tail_bytes = 0

    @property
    def current(self) -> World:
        """The world of all acknowledged changes."""
        return self._published

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` with each newly published world, before the changes' callers are answered."""
        self._listeners.append(listener)

    async def commit(self, decide: Decide) -> Committed | Refusal:
        """Take one decision and return when it is on disk; see the port.

        Cancelling the caller does not take the change back.
        """
        waiter = _Waiter(decide, asyncio.get_running_loop().create_future())
        self._decide(waiter)
        if self._writing is None and waiter.row is None:
            return waiter.outcome
        self._waiters.append(waiter)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await waiter.answered

    def figures(self) -> Sequence[Figure]:
        """How far the journal is, and what it has done since it was opened."""
        return self._counters.figures(self._published.sequence)

    async def close(self) -> None:
        """Wait until all that was decided is on disk."""
        if self._writing is not None:
            await self._writing
        if self._checkpointing is not None:
            await self._checkpointing

    def _decide(self, waiter: _Waiter) -> None:
        decided = waiter.decide(self._head)
        waiter.row = None
        if isinstance(decided, Refusal):
            waiter.outcome = decided
            return
        if decided is not None:
            waiter.row = encode_change(decided)
            self._head = fold(self._head, decided)
        waiter.outcome = Committed(self._head, decided)

    async def _write(self) -> None:
        try:
            while self._waiters:
                batch, self._waiters = self._waiters, []
                rows = [waiter.row for waiter in batch if waiter.row is not None]
                changes = [
                    outcome.change
                    for waiter in batch
                    if isinstance(outcome := waiter.outcome, Committed) and outcome.change is not None
                ]
                try:
                    await self._append(rows, changes)
                except SequenceConflict:
                    self._decide_again([*batch, *self._waiters])
                except JournalUnavailable as reason:
                    self._give_up([*batch, *self._waiters], reason)
                else:
                    self._publish([waiter.outcome for waiter in batch])
                    self._answer(batch)
                    self._maybe_checkpoint(rows)
        finally:
            self._writing = None

    async def _append(self, rows: Sequence[_Row], changes: Sequence[Change]) -> None:
        """Raises SequenceConflict, having published what others appended."""
        if not rows:
            return
        started = asyncio.get_running_loop().time()
        try:
            await self._database.run(self._journal.append, self._published.sequence, rows, changes)
        except SequenceConflict:
            await self._catch_up()
            raise
        self._counters.commits += 1
        self._counters.changes += len(rows)
        self._counters.commit_seconds += asyncio.get_running_loop().time() - started

    async def _catch_up(self) -> None:
        try:
            missed = await self._database.run(lambda: list(self._journal.read(self._published.sequence)))
        except StoreUnusable as wrong:
            raise JournalUnavailable(str(wrong)) from wrong
        if not missed:
            raise JournalUnavailable(f"{self._database.path}: changes have gone from the journal")
        world = self._published
        self._publish([Committed(world := fold(world, change), change) for change in missed])
        self._head = self._published

    def _decide_again(self, waiters: Sequence[_Waiter]) -> None:
        self._waiters = []
        for waiter in waiters:
            try:
                self._decide(waiter)
            except Exception as wrong:  # noqa: BLE001 - for whoever asked, as it would have been at first
                waiter.answered.set_exception(wrong)
            else:
                self._waiters.append(waiter)

    def _give_up(self, waiters: Sequence[_Waiter], reason: JournalUnavailable) -> None:
        self._waiters = []
        self._head = self._published
        self._counters.failures += 1
        for waiter in waiters:
            if not waiter.answered.done():
                waiter.answered.set_exception(JournalUnavailable(str(reason)))

    def _publish(self, outcomes: Sequence[Committed | Refusal]) -> None:
        changes: list[Change] = []
        for outcome in outcomes:
            if isinstance(outcome, Committed) and outcome.change is not None:
                changes.append(outcome.change)
                self._published = outcome.world
        if not changes:
            return
        for listener in self._listeners:
            try:
                listener(self._published, changes)
            except Exception:  # noqa: BLE001 - it is on disk: the others and the caller must learn of it
                _log.exception("a listener failed on change %d", self._published.sequence)

    def _answer(self, waiters: Sequence[_Waiter]) -> None:
        for waiter in waiters:
            if not waiter.answered.done():
                waiter.answered.set_result(waiter.outcome)

    def _maybe_checkpoint(self, rows: Sequence[_Row]) -> None:
        self._tail_changes += len(rows)
        self._tail_bytes += sum(len(body) for _, body in rows)
        is_long = self._tail_changes >= self._checkpoint_changes or self._tail_bytes >= self._checkpoint_bytes
        if is_long and self._checkpointing is None:
            self._tail_changes = self._tail_bytes = 0
            self._checkpointing = asyncio.create_task(self._checkpoint(self._published))

    async def _checkpoint(self, world: World) -> None:
        try:
            body = await asyncio.to_thread(encode_world, world)
            await self._database.run(self._journal.checkpoint, world.sequence, body)
            self._counters.checkpoint_sequence = world.sequence
        except JournalUnavailable as reason:
            self._counters.failures += 1
            _log.warning("no checkpoint was made, the journal grows on: %s", reason)
        finally:
            self._checkpointing = None
