"""What the vantages saw, kept as runs of the same outcome: a healthy month is one run per vantage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from stillup.rules.health.check import HealthCheck, Status
from stillup.rules.ids import HealthCheckId, Instant

PAUSE: Final = 2.0
"""A probe that comes later than this many intervals after the one before begins another run: nobody looked."""


@dataclass(frozen=True, slots=True)
class Run:
    """Probes in a row, evenly spaced, in which one vantage saw the same."""

    check_id: HealthCheckId
    vantage: str
    seen: Status
    first_at: Instant
    last_at: Instant
    count: int = 1

    @property
    def spacing(self) -> float:
        """Seconds from one probe to the next; 0 for a single one."""
        return (self.last_at - self.first_at) / (self.count - 1) if self.count > 1 else 0.0

    def moments(self) -> Iterator[Instant]:
        """When each probe ended, to within the unevenness that `extend` lets through."""
        return (self.first_at + place * self.spacing for place in range(self.count))


@dataclass(frozen=True, slots=True)
class CheckEra:
    """How a check was configured, from a moment on; None: it was deleted."""

    check_id: HealthCheckId
    since: Instant
    check: HealthCheck | None


def extend(run: Run, seen: Status, at: Instant, *, interval: float) -> Run | None:
    """The run with one more probe, or None where that begins another.

    | outcome   | probes so far | since the last one, against the spacing of the run | then    |
    |-----------|---------------|----------------------------------------------------|---------|
    | another   | any           | any                                                | another |
    | the same  | 1             | up to PAUSE intervals of the check                 | longer  |
    | the same  | 1             | more                                               | another |
    | the same  | more          | half to twice                                      | longer  |
    | the same  | more          | otherwise                                          | another |
    """
    gap = at - run.last_at
    least, most = (0.0, PAUSE * interval) if run.count == 1 else (run.spacing / 2, run.spacing * 2)
    is_longer = seen is run.seen and least <= gap <= most
    if not is_longer:
        return None
    # Spelt out: `replace` takes twice the time, and this runs once for each probe.
    return Run(run.check_id, run.vantage, seen, run.first_at, at, run.count + 1)
