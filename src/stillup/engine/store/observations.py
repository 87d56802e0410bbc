"""What the vantages saw, in a file of its own (`wire.observations` is its format)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stillup.engine.store.disposable import DisposableDatabase
from stillup.rules.health.recording import CheckEra, Run
from stillup.rules.ids import Instant
from stillup.wire.observations import PUT_ERA, PUT_RUN, TABLES, era_to_row, run_to_row

KEPT: Final = 62 * 86_400
"""Seconds for which observations are kept: two whole months to replay."""
_PRUNED_AT_ONCE: Final = 5_000
"""Rows, so that no batch takes long."""
_PRUNE_RUNS: Final = (
    "DELETE FROM run WHERE (check_id, vantage, first_at) IN"
    " (SELECT check_id, vantage, first_at FROM run WHERE last_at < ? LIMIT ?)"
)
_PRUNE_ERAS: Final = (
    "DELETE FROM check_era AS old WHERE EXISTS"
    " (SELECT 1 FROM check_era WHERE check_id = old.check_id AND since > old.since AND since < ?)"
)
"""Those that another one had followed before the oldest run that is kept."""


class SavedObservations:
    """The `RecordingArchive` of an engine."""

    def __init__(self, path: Path) -> None:
        """Open or create the file. Blocks. Raises StoreUnusable where none can be made."""
        self._database = DisposableDatabase(path, TABLES, holds="observations")

    async def record(self, runs: Sequence[Run], eras: Sequence[CheckEra]) -> None:
        """Keep these, and let go what is too old. Raises JournalUnavailable, and then nothing is kept."""
        await self._database.run(_record, runs, eras)

    def close(self) -> None:
        """Wait for what is under way, and close."""
        self._database.close()


def _record(connection: sqlite3.Connection, runs: Sequence[Run], eras: Sequence[CheckEra]) -> None:
    connection.executemany(PUT_RUN, map(run_to_row, runs))
    connection.executemany(PUT_ERA, map(era_to_row, eras))
    newest: Instant = max((run.last_at for run in runs), default=0.0)
    connection.execute(_PRUNE_RUNS, (newest - KEPT, _PRUNED_AT_ONCE))
    connection.execute(_PRUNE_ERAS, (newest - KEPT,))
