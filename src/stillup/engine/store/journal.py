"""The journal: every acknowledged change, in order, and checkpoints to start from.

Two checkpoints are kept, with every change after the older one: a damaged newest checkpoint costs a
longer start, never a change. Each row has a checksum over its sequence, so that a damaged, edited or
misplaced row is found rather than folded.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Final

from stillup.engine.store.codec import Undecodable, UnknownKind, decode_change, decode_world
from stillup.engine.store.database import Database
from stillup.engine.store.errors import SequenceConflict, StoreUnusable
from stillup.engine.store.riders import insert_riders
from stillup.rules.changes import Change
from stillup.rules.world import World, fold

CHECKPOINTS_KEPT: Final = 2

_log: Final = logging.getLogger(__name__)


class Journal:
    """The journal in a database. Its methods block; one at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(
        self, expected: int, rows: Sequence[tuple[str, bytes]], changes: Sequence[Change] = ()
    ) -> None:
        """Put encoded changes after sequence `expected`, all or none, on disk when this returns.

        `changes` are the same, not encoded: what rides with them goes on disk too.

        Raises SequenceConflict if the journal ends elsewhere, JournalUnavailable if it cannot be written.
        """
        with self._database.transaction() as connection:
            (last,) = connection.execute("SELECT coalesce(max(sequence), 0) FROM journal").fetchone()
            if last != expected:
                raise SequenceConflict(f"the journal ends at {last}, not at {expected}")
            connection.executemany(
                "INSERT INTO journal VALUES (?, ?, ?, ?)",
                [
                    (sequence, kind, body.decode(), _checksum(sequence, kind, body))
                    for sequence, (kind, body) in enumerate(rows, expected + 1)
                ],
            )
            insert_riders(connection, changes)

    def read(self, after: int) -> Iterator[Change]:
        """The changes that follow this sequence number. Raises StoreUnusable, naming the row."""
        rows = self._database.connection.execute(
            # As blobs: damaged text may not even be UTF-8.
            "SELECT sequence, CAST(kind AS BLOB), CAST(body AS BLOB), checksum FROM journal"
            " WHERE sequence > ? ORDER BY sequence",
            (after,),
        )
        for expected, (sequence, kind_octets, body, checksum) in enumerate(rows, after + 1):
            kind = kind_octets.decode(errors="replace")
            where = f"{self._database.path}: change {expected} of the journal"
            if sequence != expected:
                raise StoreUnusable(f"{where} is missing")
            if checksum != _checksum(sequence, kind, body):
                raise StoreUnusable(f"{where} is damaged: its checksum does not hold")
            try:
                yield decode_change(kind, body)
            except UnknownKind:
                raise StoreUnusable(f"{where} is a {kind!r}, which only a later stillup knows") from None
            except Undecodable as wrong:
                raise StoreUnusable(f"{where} is damaged: {wrong}") from wrong

    def checkpoint(self, sequence: int, body: bytes) -> None:
        """Keep this encoded world as the newest checkpoint, and forget the changes that nobody needs.

        Raises JournalUnavailable.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)",
                (sequence, body.decode(), _checksum(sequence, "", body)),
            )
            kept = self.checkpoints()[:CHECKPOINTS_KEPT]
            connection.execute("DELETE FROM checkpoint WHERE sequence < ?", (kept[-1],))
            if len(kept) == CHECKPOINTS_KEPT:
                connection.execute("DELETE FROM journal WHERE sequence <= ?", (kept[-1],))

    def checkpoints(self) -> Sequence[int]:
        """The sequence numbers of the checkpoints kept, newest first."""
        rows = self._database.connection.execute("SELECT sequence FROM checkpoint ORDER BY sequence DESC")
        return [sequence for (sequence,) in rows]

    def load(self) -> World:
        """The world of all changes: the newest sound checkpoint and what follows it.

        Raises StoreUnusable where changes are damaged or missing.
        """
        checkpoints = self.checkpoints()
        sound = (self._checkpoint_at(sequence) for sequence in checkpoints)
        world = next((world for world in sound if world is not None), World())
        for change in self.read(world.sequence):
            world = fold(world, change)
        if world.sequence < max(checkpoints, default=0):
            raise StoreUnusable(f"{self._database.path}: no sound checkpoint and not all changes are there")
        return world

    def _checkpoint_at(self, sequence: int) -> World | None:
        body, checksum = self._database.connection.execute(
            "SELECT CAST(body AS BLOB), checksum FROM checkpoint WHERE sequence = ?", (sequence,)
        ).fetchone()
        reason = "its checksum does not hold"
        if checksum == _checksum(sequence, "", body):
            try:
                return decode_world(body)
            except Undecodable as wrong:
                reason = str(wrong)
        _log.warning("checkpoint %d is damaged (%s); starting from an earlier one", sequence, reason)
        return None


def _checksum(sequence: int, kind: str, body: bytes) -> bytes:
    return blake2b(b"%d %s " % (sequence, kind.encode()) + body, digest_size=16).digest()
