"""The data directory, opened: `lock`, `stillup.db`, `metrics.db`, `observations.db` and `blobs/`."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from stillup.engine.files import sync_directory
from stillup.engine.ports import Die, Figure, JournalUnavailable
from stillup.engine.store.blobs import FileBlobs
from stillup.engine.store.counters import disk_figures
from stillup.engine.store.database import Database
from stillup.engine.store.disk import lock
from stillup.engine.store.errors import StoreUnusable
from stillup.engine.store.garbage import BlobCollector, referenced_blobs
from stillup.engine.store.history import SavedHistory
from stillup.engine.store.metrics import SavedMetrics
from stillup.engine.store.observations import SavedObservations
from stillup.engine.store.outbox import SavedOutbox
from stillup.engine.store.statuses import SavedStatuses
from stillup.engine.store.worlds import JournaledWorlds
from stillup.rules.ids import Instant
from stillup.wire.observations import FILE_NAME


@dataclass(frozen=True, slots=True)
class Store:
    """All that an engine keeps, held by one engine at a time."""

    worlds: JournaledWorlds
    statuses: SavedStatuses
    blobs: FileBlobs
    outbox: SavedOutbox
    metrics: SavedMetrics
    observations: SavedObservations
    history: SavedHistory
    _collector: BlobCollector
    _database: Database
    _lock: int

    def figures(self) -> Sequence[Figure]:
        """What was written, and how much room there is."""
        return [
            *self.worlds.figures(),
            *self.blobs.figures(),
            *disk_figures(self._database.path),
        ]

    def latest_instant(self) -> Instant:
        """The latest moment of engine time that something kept speaks of. Blocks: for the start."""
        confirmed = (each.at for each in self.statuses.load())
        return max(self.history.newest(), *confirmed, 0.0)

    async def close(self) -> None:
        """Finish what is under way and let the directory go. Commit nothing after this."""
        await self.worlds.close()
        await self._collector.close()
        self.metrics.close()
        self.observations.close()
        self._database.close()
        os.close(self._lock)


def open_store(directory: Path, die: Die) -> Store:
    """Open or create a data directory. Blocks: for the start, before anything is served.

    Raises StoreUnusable with the reason that the operator needs.
    """
    with ExitStack() as undo:
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = lock(directory)
            undo.callback(os.close, descriptor)
            database = Database(directory / "stillup.db")
            undo.callback(database.close)
            worlds = JournaledWorlds(database)
            statuses = SavedStatuses(database, worlds.current.health_checks.keys())
            outbox = SavedOutbox(database, worlds.current.subscriptions.keys())
            metrics = SavedMetrics(directory / "metrics.db")
            undo.callback(metrics.close)
            observations = SavedObservations(directory / FILE_NAME)
            undo.callback(observations.close)
            blobs = FileBlobs(directory / "blobs", die)
            blobs.sweep(set(referenced_blobs(worlds.current)))
            for made in (directory, directory.resolve().parent):
                sync_directory(made)
        except (FileExistsError, NotADirectoryError) as wrong:
            raise StoreUnusable(f"{directory} cannot be a folder: a file is in its way") from wrong
        except OSError as wrong:
            place, reason = wrong.filename or directory, wrong.strerror or wrong
            raise StoreUnusable(
                f"{place}: {reason}; --data names a folder that the engine can write in"
            ) from wrong
        except (sqlite3.Error, JournalUnavailable) as wrong:
            raise StoreUnusable(f"{directory}: {wrong}") from wrong
        undo.pop_all()
    collector, history = BlobCollector(worlds, blobs), SavedHistory(database)
    return Store(
        worlds, statuses, blobs, outbox, metrics, observations, history, collector, database, descriptor
    )
