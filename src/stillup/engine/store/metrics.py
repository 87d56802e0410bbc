"""Datapoints, in a file of their own: they never delay the journal, and their loss never stops an engine."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stillup.engine.ports import JournalUnavailable
from stillup.engine.store import metric_rows as rows
from stillup.engine.store.disposable import DisposableDatabase
from stillup.rules.ids import Instant
from stillup.rules.metrics.datum import FURTHEST
from stillup.rules.metrics.metric import Metric, Sample

LEAST_PRUNED: Final = 500
"""Samples of each age that a put looks through for what has become too old, and never fewer than twice its own:
so what is too old becomes less with every put, and none waits long for it."""

_log: Final = logging.getLogger(__name__)


class SavedMetrics:
    """The `Metrics` of an engine."""

    def __init__(self, path: Path) -> None:
        """Open or create the file. Blocks. Raises StoreUnusable where none can be made."""
        self._database = DisposableDatabase(path, rows.TABLES, holds="datapoints")
        self._newest = self._database.transact(rows.newest)

    async def put(self, region: str, samples: Sequence[Sample]) -> None:
        """Keep these, added to what is there of the same metric, time and unit, and roll up what is old.

        All of them are on disk when this returns. Raises JournalUnavailable, and then none is kept.
        """
        if not samples:
            return
        self._newest = max(self._newest, *(sample.at for sample in samples))
        await self._database.run(rows.put, region, samples)
        await self._prune(max(LEAST_PRUNED, 2 * len(samples)))

    async def read(self, region: str, metric: Metric, *, start: Instant, end: Instant) -> Sequence[Sample]:
        """Its samples with start <= at < end, oldest first, one for each time and unit.

        Raises JournalUnavailable.
        """
        return await self._database.run(rows.read, region, metric, start=start, end=end)

    async def known(self, region: str, *, since: Instant) -> Sequence[Metric]:
        """The metrics that have had a sample since then, in order. Raises JournalUnavailable."""
        return await self._database.run(rows.known, region, since=since)

    def close(self) -> None:
        """Wait for what is under way, and close."""
        self._database.close()

    async def _prune(self, limit: int) -> None:
        try:
            # Samples may lie ahead of now: what is measured from there would go too early.
            await self._database.run(rows.prune, now=self._newest - FURTHEST, limit=limit)
        except JournalUnavailable as reason:
            _log.warning("old datapoints stay: %s", reason)
