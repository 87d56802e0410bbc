"""Health statuses across a restart (decision 6)."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Final

from stillup.engine.ports import JournalUnavailable, SavedStatus
from stillup.engine.store.database import Database
from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId

_log: Final = logging.getLogger(__name__)


class SavedStatuses:
    """The `StatusArchive` in the database."""

    def __init__(self, database: Database, checks: Collection[HealthCheckId]) -> None:
        """Read what was kept of these checks, and forget the others, which are deleted."""
        self._database = database
        self._loaded = tuple(
            SavedStatus(HealthCheckId(check_id), Status(status), at)
            for check_id, status, at in database.connection.execute("SELECT check_id, status, at FROM status")
            if check_id in checks
        )
        try:
            self._save(self._loaded, forget=True)
        except JournalUnavailable as reason:
            _log.warning("statuses of deleted checks stay: %s", reason)

    def load(self) -> Sequence[SavedStatus]:
        """What was kept when the store was opened."""
        return self._loaded

    async def save(self, statuses: Sequence[SavedStatus]) -> None:
        """Keep these. Raises JournalUnavailable."""
        await self._database.run(self._save, statuses)

    def _save(self, statuses: Sequence[SavedStatus], *, forget: bool = False) -> None:
        with self._database.transaction() as connection:
            if forget:
                connection.execute("DELETE FROM status")
            connection.executemany("INSERT OR REPLACE INTO status VALUES (?, ?, ?)", map(_row, statuses))


def _row(saved: SavedStatus) -> tuple[str, str, float]:
    return saved.check_id, saved.status.value, saved.at
