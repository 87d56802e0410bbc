"""What the alarms' duty meets, in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from stillup.engine.ports import CheckerReport, Committed, HealthFigures, JournalUnavailable
from stillup.rules.alarms.alarm import AlarmState
from stillup.rules.changes import Change
from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId, HostedZoneId, Instant
from stillup.rules.metrics.metric import Metric, Sample
from stillup.rules.names import DomainName
from stillup.rules.refusal import Refusal
from stillup.rules.resolution import Rcode, Resolution
from stillup.rules.world import World
from tests.fakes import FakeWorlds


class Disk:
    """Full, or not."""

    def __init__(self) -> None:
        self.is_full = False

    def write(self) -> None:
        if self.is_full:
            raise JournalUnavailable("disk full")


class DiskWorlds(FakeWorlds):
    """A world on a disk that can be full."""

    def __init__(self, world: World, disk: Disk) -> None:
        super().__init__(world)
        self.disk = disk
        self.quicker: Change | None = None
        """What somebody else decides just before the next decision."""

    async def commit(self, decide: Callable[[World], Change | Refusal | None]) -> Committed | Refusal:
        self.disk.write()
        quicker, self.quicker = self.quicker, None
        if quicker is not None:
            await super().commit(lambda _: quicker)
        return await super().commit(decide)


class FakeMetrics:
    """Samples in lists, by Region."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.samples: dict[str, list[Sample]] = {}
        self.breaks_for: Metric | None = None

    async def put(self, region: str, samples: Sequence[Sample]) -> None:
        self.disk.write()
        self.samples.setdefault(region, []).extend(samples)

    async def read(self, region: str, metric: Metric, *, start: Instant, end: Instant) -> Sequence[Sample]:
        if metric == self.breaks_for:
            raise ZeroDivisionError
        kept = self.samples.get(region, [])
        return [each for each in kept if each.metric == metric and start <= each.at < end]

    async def known(self, region: str, *, since: Instant) -> Sequence[Metric]:
        return sorted(
            {each.metric for each in self.samples.get(region, []) if each.at >= since}, key=lambda m: m.name
        )


class FakeHealth:
    """Measures, statuses, reports and verdicts of checks."""

    def __init__(self) -> None:
        self.next: dict[HealthCheckId, HealthFigures] = {}
        self.heard: list[tuple[HealthCheckId, AlarmState]] = []

    def take(self) -> Mapping[HealthCheckId, HealthFigures]:
        taken, self.next = self.next, {}
        return taken

    def hear(self, check_id: HealthCheckId, state: AlarmState) -> None:
        self.heard.append((check_id, state))

    def status(self, check_id: HealthCheckId) -> Status:
        return Status.UNHEALTHY

    def latest(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        return [CheckerReport("us-east-1", "192.0.2.1", "Failure: refused", 0.0)]

    def last_failures(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        return ()

    def since(self, check_id: HealthCheckId) -> Instant | None:
        return 0.0

    def checker_ranges(self) -> Sequence[str]:
        return ()

    def resolve(self, zone_id: HostedZoneId, name: DomainName, record_type: int) -> Resolution:
        return Resolution(Rcode.NOERROR)
