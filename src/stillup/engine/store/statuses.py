"""Health statuses across a restart (decision 6)."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Final

from stillup.engine.ports import JournalUnavailable, SavedStatus
from stillup.engine.store.database import Database
from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId

_STATUSES: Final = {status.value.encode(): status for status in Status}

_log: Final = logging.getLogger(__name__)


class SavedStatuses:
    """The `StatusArchive` in the database."""

    def __init__(self, database: Database, checks: Collection[HealthCheckId]) -> None:
        """Read what was kept of these checks, and forget the others, which are deleted, and what is damaged:
        a check without a saved status begins anew (HC-30)."""
        self._database = database
        rows = database.connection.execute(
            # As blobs: damaged text may not even be UTF-8.
            "SELECT CAST(check_id AS BLOB), CAST(status AS BLOB), at FROM status"
        )
        known = {check_id.encode(): check_id for check_id in checks}
        self._loaded = tuple(
            SavedStatus(known[check_id], _STATUSES[status], at)
            for check_id, status, at in rows
            if check_id in known and status in _STATUSES
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
