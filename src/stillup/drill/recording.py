"""Reads what an engine recorded of its observations (`wire.observations`), beside it or from a copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec

from stillup.rules.health.recording import CheckEra, Run
from stillup.rules.ids import HealthCheckId, Instant
from stillup.wire.observations import ERAS, FILE_NAME, RUNS, era_from_row, run_from_row


class RecordingUnreadable(Exception):
    """There is no recording there, or none that can be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> Recording:
        """The file itself, or the data folder that it is in. Raises RecordingUnreadable."""
        file = path / FILE_NAME if path.is_dir() else path
        if not file.is_file():
            raise RecordingUnreadable(
                f"{file} does not exist: give the data folder of an engine (`stillup serve --data DIR`), or a copy"
                f" of its {FILE_NAME}"
            )
        return cls(file)

    def eras(self) -> Sequence[CheckEra]:
        """How every check was configured, from when on, oldest first. Raises RecordingUnreadable."""
        try:
            return [era_from_row(row) for row in self._rows(ERAS)]
        except msgspec.ValidationError as wrong:
            raise RecordingUnreadable(f"{self.path}: holds a check that cannot be read: {wrong}") from wrong

    def runs(self, check_id: HealthCheckId, *, since: Instant, until: Instant) -> Sequence[Run]:
        """What was seen of the check between the two moments, oldest first. Raises RecordingUnreadable."""
        return [run_from_row(row) for row in self._rows(RUNS, check_id, since, until)]

    def _rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        try:
            # Not `immutable`: an engine may be writing. What it has not committed is not seen.
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                return connection.execute(query, values).fetchall()
        except sqlite3.Error as wrong:
            raise RecordingUnreadable(f"{self.path}: {wrong}") from wrong
