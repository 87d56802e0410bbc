"""When which vantage probes which check: a value that is asked, and knows no clock."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field

from stillup.rules.ids import HealthCheckId, Instant


@dataclass(frozen=True, slots=True)
class Slot:
    """One vantage's probes of one check."""

    check_id: HealthCheckId
    vantage: str | None
    """None: no probe, the check is merely to be looked at again."""


@dataclass(slots=True)
class Schedule:
    """What is due when. Each slot is planned once or not at all; every step takes O(log n).

    A slot that came due is no longer planned: the interval runs from the response to the next request
    (HC-25), so it is planned again when the response is there.
    """

    _at: dict[Slot, Instant] = field(default_factory=dict)
    _heap: list[tuple[Instant, int, Slot]] = field(default_factory=list)
    _pushed: int = 0

    @property
    def planned(self) -> Mapping[Slot, Instant]:
        """All that is planned."""
        return self._at

    def plan(self, slot: Slot, at: Instant) -> None:
        """Have this slot come due then, and not when it was planned before."""
        self._at[slot] = at
        self._pushed += 1
        heapq.heappush(self._heap, (at, self._pushed, slot))
        if len(self._heap) > 2 * len(self._at) + 64:  # mostly entries that were planned over
            self._heap = [entry for entry in self._heap if self._at.get(entry[2]) == entry[0]]
            heapq.heapify(self._heap)

    def forget(self, slot: Slot) -> None:
        """Plan it no longer; it need not be planned."""
        self._at.pop(slot, None)

    def next_at(self) -> Instant | None:
        """When something comes due next."""
        while self._heap:
            at, _, slot = self._heap[0]
            if self._at.get(slot) == at:
                return at
            heapq.heappop(self._heap)
        return None

    def due(self, now: Instant) -> list[Slot]:
        """What is due, the longest overdue first; it is no longer planned."""
        slots = []
        while (at := self.next_at()) is not None and at <= now:
            slot = heapq.heappop(self._heap)[2]
            del self._at[slot]
            slots.append(slot)
        return slots
