"""Carries statuses to the archive, so that they survive a restart (decision 6)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Final

from stillup.engine.ports import JournalUnavailable, SavedStatus, StatusArchive
from stillup.rules.ids import HealthCheckId

_log: Final = logging.getLogger(__name__)


class StatusKeeper:
    """Saves what it is given, one batch at a time, the newest of each check.

    What cannot be saved is kept for the next batch: a full disk must not stop health checks.
    """

    def __init__(self, archive: StatusArchive) -> None:
        self._archive = archive
        self._pending: dict[HealthCheckId, SavedStatus] = {}
        self._saving: asyncio.Task[None] | None = None

    def keep(self, statuses: Iterable[SavedStatus]) -> None:
        """Save these soon; the caller does not wait."""
        self._pending.update((saved.check_id, saved) for saved in statuses)
        if self._pending and self._saving is None:
            self._saving = asyncio.create_task(self._save(), name="save health statuses")

    async def flush(self) -> None:
        """Wait until what was given is saved, or cannot be."""
        while self._saving is not None:
            await self._saving

    async def _save(self) -> None:
        try:
            while self._pending:
                batch, self._pending = self._pending, {}
                try:
                    await self._archive.save(tuple(batch.values()))
                except JournalUnavailable as reason:
                    self._pending = {**batch, **self._pending}
                    _log.warning("health statuses are not saved: %s", reason)
                    return
        finally:
            self._saving = None
