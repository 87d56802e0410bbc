"""A fleet in virtual time: endpoints are entries in a dict, and seconds pass when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from stillup.engine.health.fleet import Fleet
from stillup.engine.health.probe import Observation, Probe, Timings
from stillup.engine.ports import SavedStatus, StatusChange
from stillup.rules.changes import HealthCheckDeleted, HealthCheckPut
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType, Status
from stillup.rules.health.recording import CheckEra, Run
from stillup.rules.ids import HealthCheckId, Instant
from stillup.rules.world import World
from tests.fakes import FakeClock, FakeDie, FakeWorlds

UP, DOWN = Status.HEALTHY, Status.UNHEALTHY


class VirtualClock(FakeClock):
    """The fleet's own timer never fires: `Theatre.pass_time` stands in for it."""

    def real(self, seconds: float) -> float:
        return 1e6


class FakeProber:
    """Sees what `endpoints` says of the probed address; None: this machine cannot probe."""

    def __init__(self, clock: FakeClock) -> None:
        self.endpoints: dict[str, Status | None] = {}
        self.probes: list[tuple[Instant, str]] = []
        self.hold: asyncio.Event | None = None
        self.timings = Timings()
        self._clock = clock

    async def probe(self, probe: Probe) -> Observation:
        address = probe.address or ""
        self.probes.append((self._clock.now(), address))
        if self.hold is not None:
            await self.hold.wait()
        seen = self.endpoints.get(address, UP)
        return Observation(seen, f"saw {seen}", self._clock.now(), timings=self.timings)


class FakeArchive:
    """Keeps statuses and runs in dicts."""

    def __init__(self) -> None:
        self.kept: dict[HealthCheckId, SavedStatus] = {}
        self.runs: dict[tuple[HealthCheckId, str, Instant], Run] = {}
        self.eras: list[CheckEra] = []

    def load(self) -> Sequence[SavedStatus]:
        return tuple(self.kept.values())

    async def save(self, statuses: Sequence[SavedStatus]) -> None:
        self.kept.update((each.check_id, each) for each in statuses)

    async def record(self, runs: Sequence[Run], eras: Sequence[CheckEra]) -> None:
        self.runs.update(((each.check_id, each.vantage, each.first_at), each) for each in runs)
        self.eras.extend(eras)


def check(name: str, *, tags: dict[str, str] | None = None, **config: object) -> HealthCheck:
    """A check of the endpoint of that name; every 10 s, with a threshold of 3."""
    values = {"ip_address": name, "request_interval": 10, "failure_threshold": 3, **config}
    return HealthCheck(
        HealthCheckId(name), name, HealthCheckConfig(type=HealthCheckType.HTTP, **values), tags=tags or {}  # type: ignore[arg-type]
    )  # fmt: skip


def calculated(name: str, *children: str, threshold: int, **config: object) -> HealthCheck:
    """A CALCULATED check of these."""
    ids = tuple(HealthCheckId(child) for child in children)
    values = {"child_health_checks": ids, "health_threshold": threshold, **config}
    return HealthCheck(
        HealthCheckId(name), name, HealthCheckConfig(type=HealthCheckType.CALCULATED, **values)  # type: ignore[arg-type]
    )  # fmt: skip


class Theatre:
    """A fleet and the world around it. `batches` is what its listener heard."""

    def __init__(self, *checks: HealthCheck, archive: FakeArchive | None = None, **options: object) -> None:
        self.clock = VirtualClock()
        self.prober = FakeProber(self.clock)
        self.worlds = FakeWorlds(World(health_checks={each.id: each for each in checks}))
        self.archive = archive or FakeArchive()
        self.batches: list[list[StatusChange]] = []
        self.fleet = Fleet(
            worlds=self.worlds,
            clock=self.clock,
            die=FakeDie(),
            prober=self.prober,
            archive=self.archive,
            recordings=self.archive,
            **options,  # type: ignore[arg-type]
        )
        self.fleet.subscribe(lambda batch: self.batches.append(list(batch)))

    async def __aenter__(self) -> Self:
        self.fleet.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self.prober.hold is not None:
            self.prober.hold.set()
        await self.fleet.close()

    @property
    def heard(self) -> list[tuple[str, Status]]:
        """Every change, in order."""
        return [(change.check_id, change.status) for batch in self.batches for change in batch]

    def status(self, name: str) -> Status:
        return self.fleet.status(HealthCheckId(name))

    async def put(self, changed: HealthCheck) -> None:
        await self.worlds.commit(lambda world: HealthCheckPut(changed))

    async def configure(self, name: str, **config: object) -> None:
        old = self.worlds.current.health_checks[HealthCheckId(name)]
        await self.put(replace(old, config=replace(old.config, **config)))  # type: ignore[arg-type]

    async def delete(self, name: str) -> None:
        await self.worlds.commit(lambda world: HealthCheckDeleted(HealthCheckId(name)))

    async def pass_time(self, seconds: float) -> None:
        """Let the fleet do all that comes due in that time, each thing at its instant."""
        ends = self.clock.now() + seconds
        while (at := self.fleet.next_at) <= ends:
            self.clock.instant = max(at, self.clock.now())
            self.fleet.run_due()
            await self.settle()
        self.clock.instant = ends

    async def settle(self) -> None:
        """Let probes that can end do so."""
        while not self.fleet.is_idle and self.prober.hold is None:
            await asyncio.sleep(0)
