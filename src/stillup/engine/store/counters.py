"""What the store has written since it was opened."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stillup.engine.ports import Figure


@dataclass(slots=True)
class JournalCounters:
    """Running totals of the journal; the worlds alone write them."""

    checkpoint_sequence: int
    """That of the newest checkpoint; 0 without one."""
    changes: int = 0
    commits: int = 0
    """Transactions, each of one change or of many that waited together."""
    commit_seconds: float = 0.0
    """What the commits took, the wait for the database's thread included."""
    failures: int = 0
    """Commits and checkpoints that the disk or SQLite refused."""

    def figures(self, sequence: int) -> Sequence[Figure]:
        """As Prometheus takes them; `sequence` is the newest change's."""
        return [
            Figure("stillup_journal_sequence", "Sequence number of the newest change.", sequence, {}),
            Figure(
                "stillup_journal_checkpoint_sequence",
                "Sequence number of the newest checkpoint.",
                self.checkpoint_sequence,
                {},
            ),
            _counter("stillup_journal_changes_total", "Changes put on disk.", self.changes),
            _counter("stillup_journal_commits_total", "Transactions of changes put on disk.", self.commits),
            _counter(
                "stillup_journal_commit_seconds_total",
                "Seconds that these transactions took, their wait for the disk included.",
                self.commit_seconds,
            ),
            _counter(
                "stillup_journal_failures_total",
                "Transactions and checkpoints that the disk refused.",
                self.failures,
            ),
        ]


@dataclass(slots=True)
class BlobCounters:
    """Running totals of object contents; the blobs alone write them."""

    written: int = 0
    written_bytes: int = 0
    """Of contents that came in; not of those joined from others."""

    def figures(self) -> Sequence[Figure]:
        """As Prometheus takes them."""
        return [
            _counter("stillup_blobs_written_total", "Object contents put on disk.", self.written),
            _counter("stillup_blobs_written_bytes_total", "Octets of these.", self.written_bytes),
        ]


def disk_figures(database: Path) -> Sequence[Figure]:
    """How large the database's files are, and how much room is left beside them."""
    files = {"database": database, "wal": database.with_name(database.name + "-wal")}
    disk = os.statvfs(database.parent)
    return [
        *(
            Figure("stillup_database_bytes", "Size of the database's files.", _size(path), {"file": name})
            for name, path in files.items()
        ),
        Figure(
            "stillup_disk_free_bytes",
            "Room left on the disk of the data directory.",
            disk.f_bavail * disk.f_frsize,
            {},
        ),
    ]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # the log goes when SQLite has no use for it
        return 0


def _counter(name: str, text: str, value: float) -> Figure:
    return Figure(name, text, value, {}, is_counter=True)
