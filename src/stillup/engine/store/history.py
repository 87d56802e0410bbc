"""The history of alarms; riders.py writes it, with the changes that it tells of."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from stillup.engine.store.database import Database
from stillup.rules.alarms.alarm import HistoryItem
from stillup.rules.ids import Instant

_DECODER: Final = msgspec.json.Decoder(HistoryItem)
_log: Final = logging.getLogger(__name__)


class SavedHistory:
    """The `AlarmHistory` of an engine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, region: str, *, start: Instant, end: Instant) -> Sequence[HistoryItem]:
        """The items with start <= at < end, newest first, without those that are damaged.

        Raises JournalUnavailable.
        """
        rows = await self._database.run(self._rows, region, start, end)
        # Elsewhere, because commits wait for the database's thread.
        return await asyncio.to_thread(_decoded, rows)

    def newest(self) -> Instant:
        """When the last thing happened; 0 for an empty history. Blocks."""
        (at,) = self._database.connection.execute("SELECT max(at) FROM alarm_history").fetchone()
        return float(at or 0.0)

    def _rows(self, region: str, start: Instant, end: Instant) -> list[tuple[int, bytes]]:
        with self._database.transaction() as connection:
            return connection.execute(
                # As blobs: damaged text may not even be UTF-8.
                "SELECT id, CAST(body AS BLOB) FROM alarm_history"
                " WHERE region = ? AND at >= ? AND at < ? ORDER BY at DESC, id DESC",
                (region, start, end),
            ).fetchall()


def _decoded(rows: Iterable[tuple[int, bytes]]) -> Sequence[HistoryItem]:
    items = []
    for id_, body in rows:
        try:
            items.append(_DECODER.decode(body))
        except ValueError as wrong:
            _log.warning("line %d of the history of alarms cannot be read: %s", id_, wrong)
    return items
