"""What the health checks say, and what they measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from stillup.rules.health.check import Status
from stillup.rules.health.recording import CheckEra, Run
from stillup.rules.ids import HealthCheckId, Instant


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A check's status, newly decided."""

    check_id: HealthCheckId
    status: Status
    at: Instant


class Statuses(Protocol):
    """What every health check says now."""

    def status(self, check_id: HealthCheckId) -> Status:
        """Healthy for a check that does not exist (HC-44)."""


@dataclass(frozen=True, slots=True)
class CheckerReport:
    """One vantage's latest word on a check, for GetHealthCheckStatus and LastFailureReason (HC-51)."""

    region: str
    ip_address: str
    text: str
    checked_at: Instant


class HealthReports(Protocol):
    """What the vantages saw."""

    def latest(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        """The latest observation of each vantage that has one."""

    def last_failures(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        """The latest failure of each vantage, or its word that there has been none (HC-54)."""

    def since(self, check_id: HealthCheckId) -> Instant | None:
        """When the check's status became what it is; None for a check that does not exist."""

    def checker_ranges(self) -> Sequence[str]:
        """The networks that probes come from (HC-49)."""


@dataclass(frozen=True, slots=True)
class SavedStatus:
    """A status as it is kept across a restart (decision 6)."""

    check_id: HealthCheckId
    status: Status
    at: Instant
    """When it was last confirmed."""


class StatusArchive(Protocol):
    """Where statuses survive a restart."""

    def load(self) -> Sequence[SavedStatus]:
        """All that were kept."""

    async def save(self, statuses: Sequence[SavedStatus]) -> None:
        """Keep these, each in place of an earlier one for the same check."""


class RecordingArchive(Protocol):
    """Where observations are kept for `stillup replay`."""

    async def record(self, runs: Sequence[Run], eras: Sequence[CheckEra]) -> None:
        """Keep these: each run in place of what it was before it grew. Raises JournalUnavailable."""


@dataclass(frozen=True, slots=True)
class HealthFigures:
    """What CloudWatch learns of a health check in one minute (1.12)."""

    status: tuple[Status, ...]
    """Every status that it took on in the minute, and the one that it ended with: never empty."""
    percentage_healthy: float | None = None
    """Of the vantages, for checks of endpoints; None for others, and for a check that is disabled."""
    healthy_children: int | None = None
    """For CALCULATED."""
    timings: tuple[tuple[str, str, float], ...] = ()
    """Metric name, Region and milliseconds of each good probe in the minute, where MeasureLatency is on."""


class HealthMeasures(Protocol):
    """Where the health metrics come from."""

    def take(self) -> Mapping[HealthCheckId, HealthFigures]:
        """The figures since the last call, for every check of which anything is known."""
