"""What the watchers saw, in order, written by many threads and waited for by one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from stillup.drill.stopwatch import Stopwatch
from stillup.drill.timeline import Sighting, Watcher

Seen: TypeAlias = Mapping[tuple[Watcher, str], Sighting]
"""The latest sighting of each watcher."""


@dataclass(slots=True)
class _Shared:
    sightings: list[Sighting]
    latest: dict[tuple[Watcher, str], Sighting]
    failure: BaseException | None = None


class Logbook:
    """Keeps what changes. `tell` is called for each entry, by whichever thread made it, one at a time."""

    def __init__(self, clock: Stopwatch, tell: Callable[[Sighting], None] = lambda _: None) -> None:
        self.clock = clock
        self._tell = tell
        self._shared = _Shared([], {})
        self._changed = threading.Condition()

    def note(
        self, watcher: Watcher, who: str, state: str, *, is_primary: bool | None, detail: str = ""
    ) -> None:
        """Enter it, unless this watcher said the same the last time."""
        with self._changed:
            before = self._shared.latest.get((watcher, who))
            if before is not None and (before.state, before.is_primary) == (state, is_primary):
                return
            entry = Sighting(self.clock.elapsed(), watcher, who, state, is_primary, detail)
            self._shared.latest[watcher, who] = entry
            self._shared.sightings.append(entry)
            self._tell(entry)
            self._changed.notify_all()

    def fail(self, failure: BaseException) -> None:
        """A watcher cannot go on: whoever waits is woken by its error."""
        with self._changed:
            self._shared.failure = failure
            self._changed.notify_all()

    def sightings(self) -> tuple[Sighting, ...]:
        """Everything so far, in order."""
        with self._changed:
            return tuple(self._shared.sightings)

    def latest(self) -> Seen:
        """What each watcher sees now."""
        with self._changed:
            return dict(self._shared.latest)

    def wait_until(self, holds: Callable[[Seen], bool], *, within: float) -> bool:
        """Whether it came to hold within these seconds of the watched clock. Raises what a watcher failed with."""
        end = self.clock.elapsed() + within
        with self._changed:
            while True:
                if self._shared.failure is not None:
                    raise self._shared.failure
                if holds(self._shared.latest):
                    return True
                left = end - self.clock.elapsed()
                if left <= 0:
                    return False
                self._changed.wait(self.clock.real(left))
