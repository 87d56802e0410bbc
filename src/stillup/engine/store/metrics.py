"""Datapoints, in a file of their own: they never delay the journal, and their loss never stops an engine."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

from stillup.engine.ports import JournalUnavailable
from stillup.engine.store import metric_rows as rows
from stillup.engine.store.database import Database
from stillup.engine.store.disk import set_aside
from stillup.engine.store.errors import StoreUnusable
from stillup.rules.ids import Instant
from stillup.rules.metrics.datum import FURTHEST
from stillup.rules.metrics.metric import Metric, Sample

LEAST_PRUNED: Final = 500
"""Samples of each age that a put looks through for what has become too old, and never fewer than twice its own:
so what is too old becomes less with every put, and none waits long for it."""

_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_log: Final = logging.getLogger(__name__)
_P = ParamSpec("_P")
_T = TypeVar("_T")


class SavedMetrics:
    """The `Metrics` of an engine.

    A file that turns out to be damaged is set aside, and an empty one begun: datapoints are not worth a stop.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file. Blocks. Raises StoreUnusable where none can be made."""
        try:
            self._database = Database(path, rows.TABLES, check=False)
        except StoreUnusable as wrong:
            _warn(set_aside(path), wrong)
            self._database = Database(path, rows.TABLES, check=False)
        self._newest = self._transact(rows.newest)

    async def put(self, region: str, samples: Sequence[Sample]) -> None:
        """Keep these, added to what is there of the same metric, time and unit, and roll up what is old.

        All of them are on disk when this returns. Raises JournalUnavailable, and then none is kept.
        """
        if not samples:
            return
        self._newest = max(self._newest, *(sample.at for sample in samples))
        await self._database.run(self._transact, rows.put, region, samples)
        await self._database.run(self._prune, max(LEAST_PRUNED, 2 * len(samples)))

    async def read(self, region: str, metric: Metric, *, start: Instant, end: Instant) -> Sequence[Sample]:
        """Its samples with start <= at < end, oldest first, one for each time and unit.

        Raises JournalUnavailable.
        """
        return await self._database.run(self._transact, rows.read, region, metric, start=start, end=end)

    async def known(self, region: str, *, since: Instant) -> Sequence[Metric]:
        """The metrics that have had a sample since then, in order. Raises JournalUnavailable."""
        return await self._database.run(self._transact, rows.known, region, since=since)

    def close(self) -> None:
        """Wait for what is under way, and close."""
        self._database.close()

    def _prune(self, limit: int) -> None:
        try:
            # Samples may lie ahead of now: what is measured from there would go too early.
            self._transact(rows.prune, now=self._newest - FURTHEST, limit=limit)
        except JournalUnavailable as reason:
            _log.warning("old datapoints stay: %s", reason)

    def _transact(
        self, function: Callable[Concatenate[sqlite3.Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """Call this in a transaction; once more in an empty file if this one is damaged."""
        try:
            with self._database.transaction() as connection:
                return function(connection, *args, **kwargs)
        except JournalUnavailable as wrong:
            if not _is_damage(wrong.__cause__):
                raise
            self._start_over(wrong)
        with self._database.transaction() as connection:
            return function(connection, *args, **kwargs)

    def _start_over(self, wrong: JournalUnavailable) -> None:
        try:
            _warn(self._database.start_over(), wrong)
        except (sqlite3.Error, OSError) as worse:
            raise JournalUnavailable(f"{self._database.path}: {worse}") from worse


def _is_damage(cause: BaseException | None) -> bool:
    return isinstance(cause, sqlite3.DatabaseError) and (
        getattr(cause, "sqlite_errorcode", 0) & 0xFF in _DAMAGE
    )


def _warn(aside: Path, wrong: Exception) -> None:
    _log.error("the datapoints cannot be used (%s); they are now in %s, and new ones are begun", wrong, aside)
