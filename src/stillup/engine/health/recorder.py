"""Keeps what the vantages saw, for `stillup replay`; what has not been saved yet is lost with the process."""

from __future__ import annotations

import asyncio
import logging
from itertools import islice
from typing import Final, TypeAlias

from stillup.engine.ports import JournalUnavailable, RecordingArchive
from stillup.rules.health.check import HealthCheck, Status
from stillup.rules.health.recording import CheckEra, Run, extend
from stillup.rules.ids import HealthCheckId, Instant

MOST_UNSAVED: Final = 100_000
"""Runs that wait for a disk that does not take them; beyond, the oldest are given up."""

_Place: TypeAlias = tuple[HealthCheckId, str]
_log: Final = logging.getLogger(__name__)


class Recorder:
    """Folds observations into runs, and saves those that have grown when it is told to."""

    def __init__(self, archive: RecordingArchive) -> None:
        self._archive = archive
        self._runs: dict[_Place, Run] = {}
        self._grown: dict[tuple[_Place, Instant], Run] = {}
        self._eras: list[CheckEra] = []
        self._saving: asyncio.Task[None] | None = None

    def note_probe(
        self, check_id: HealthCheckId, vantage: str, seen: Status, at: Instant, *, interval: float
    ) -> None:
        """A vantage saw this; `interval` is the check's, in seconds."""
        place = check_id, vantage
        run = self._runs.get(place)
        longer = None if run is None else extend(run, seen, at, interval=interval)
        run = longer or Run(check_id, vantage, seen, at, at)
        self._runs[place] = run
        self._grown[place, run.first_at] = run

    def note_check(self, check: HealthCheck, at: Instant) -> None:
        """The check is this from now on."""
        self._eras.append(CheckEra(check.id, at, check))

    def note_deletion(self, check_id: HealthCheckId, at: Instant) -> None:
        """The check is gone."""
        self._eras.append(CheckEra(check_id, at, None))
        for place in [place for place in self._runs if place[0] == check_id]:
            del self._runs[place]

    def save(self) -> None:
        """Save soon whatever is not; the caller does not wait."""
        if self._saving is None and (self._grown or self._eras):
            self._saving = asyncio.create_task(self._save(), name="save observations")

    async def flush(self) -> None:
        """Save whatever is not, and wait until that is done, or cannot be. Note nothing after this."""
        if self._saving is not None:
            await self._saving
        self.save()
        if self._saving is not None:
            await self._saving

    async def _save(self) -> None:
        grown, self._grown = self._grown, {}
        eras, self._eras = self._eras, []
        try:
            await self._archive.record(tuple(grown.values()), tuple(eras))
        except JournalUnavailable as reason:
            unsaved = {**grown, **self._grown}
            self._grown = dict(islice(unsaved.items(), max(0, len(unsaved) - MOST_UNSAVED), None))
            self._eras = [*eras, *self._eras]
            _log.warning("observations are not saved: %s", reason)
        finally:
            self._saving = None
