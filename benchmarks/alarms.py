"""A minute of the alarms: a thousand of them on as many health checks, on disk, quiet and all going off at once.

`python -m benchmarks.alarms`; a few seconds. Beside it, the longest time in which nothing else got its turn.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from stillup.engine.alarms.keeper import AlarmKeeper
from stillup.engine.clock import EngineClock, SystemDie
from stillup.engine.ports import CheckerReport, HealthFigures
from stillup.engine.store import Store, open_store
from stillup.rules.alarms.alarm import Alarm, AlarmState, Comparison, Standing, Trigger
from stillup.rules.changes import AlarmPut, HealthCheckPut
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType, Status
from stillup.rules.ids import Arn, HealthCheckId, HostedZoneId, Instant
from stillup.rules.metrics.metric import Metric, Statistic
from stillup.rules.names import DomainName
from stillup.rules.resolution import Resolution

ALARMS = 1000
MINUTE = 60.0


class Health:
    """Checks that all say the same."""

    def __init__(self, checks: Sequence[HealthCheckId]) -> None:
        self.says = Status.HEALTHY
        self._checks = checks

    def take(self) -> Mapping[HealthCheckId, HealthFigures]:
        return dict.fromkeys(self._checks, HealthFigures((self.says,), 100.0))

    def hear(self, check_id: HealthCheckId, state: AlarmState) -> None:
        """No check here follows a metric."""

    def status(self, check_id: HealthCheckId) -> Status:
        return self.says

    def since(self, check_id: HealthCheckId) -> Instant | None:
        return 0.0

    def latest(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        return ()

    def last_failures(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        return ()

    def checker_ranges(self) -> Sequence[str]:
        return ()

    def resolve(self, zone_id: HostedZoneId, name: DomainName, record_type: int) -> Resolution:
        raise NotImplementedError  # there is no zone


class Clock(EngineClock):
    """Stands still between the minutes."""

    instant = 1_800_000_000.0

    def now(self) -> Instant:
        return self.instant


def alarm(number: int) -> Alarm:
    """The guide's, on a check of its own."""
    metric = Metric("AWS/Route53", "HealthCheckStatus", (("HealthCheckId", f"check-{number}"),))
    return Alarm(
        arn=Arn(f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{number}"),
        region="us-east-1",
        name=str(number),
        configured_at=0.0,
        standing=Standing(AlarmState.OK, "", None, 0.0, 0.0),
        trigger=Trigger(metric, 60, 1, 1.0, Comparison.LESS, statistic=Statistic.MINIMUM),
    )


async def fill(store: Store) -> Health:
    """A world with the checks and their alarms."""
    ids = [HealthCheckId(f"check-{number}") for number in range(ALARMS)]
    config = HealthCheckConfig(HealthCheckType.TCP, ip_address="203.0.113.10", port=22)
    changes = [HealthCheckPut(HealthCheck(each, each, config)) for each in ids]
    await asyncio.gather(*(store.worlds.commit(lambda _, change=each: change) for each in changes))
    alarms = [AlarmPut(alarm(number)) for number in range(ALARMS)]
    await asyncio.gather(*(store.worlds.commit(lambda _, change=each: change) for each in alarms))
    return Health(ids)


async def longest_wait(done: asyncio.Event) -> float:
    """The longest time that a task which is always ready had to wait, in seconds."""
    longest, before = 0.0, time.perf_counter()
    while not done.is_set():
        await asyncio.sleep(0)
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return longest


async def minute(keeper: AlarmKeeper, clock: Clock, name: str) -> None:
    """Let one pass, and print how."""
    clock.instant += MINUTE
    done = asyncio.Event()
    waiting = asyncio.create_task(longest_wait(done))
    began = time.perf_counter()
    await keeper.run_due()
    took = time.perf_counter() - began
    done.set()
    print(
        f"{name:>12}  {took * 1000:6.0f} ms for {ALARMS:,} alarms, others waited {await waiting * 1000:.0f} ms at most"
    )


async def main() -> None:
    """A minute without a change, one in which every alarm goes off, and one in which all are OK again."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".benchmark-") as name:
        store = open_store(Path(name) / "data", SystemDie())
        health = await fill(store)
        clock = Clock()
        keeper = AlarmKeeper(
            worlds=store.worlds,
            clock=clock,
            die=SystemDie(),
            metrics=store.metrics,
            measures=health,
            verdicts=health,
            statuses=health,
            reports=health,
            resolver=health,
            account_id="123456789012",
        )
        keeper.start()
        await minute(keeper, clock, "first")
        await minute(keeper, clock, "quiet")
        health.says = Status.UNHEALTHY
        await minute(keeper, clock, "all fail")
        health.says = Status.HEALTHY
        await minute(keeper, clock, "all recover")
        await keeper.close()
        await store.close()


if __name__ == "__main__":
    asyncio.run(main())
