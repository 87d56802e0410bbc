"""The minute of the alarms: datapoints in, changes of state out.

```text
          :00 of every engine minute         every ten seconds            a change of the world
                     │                              │                              │
      measures ──> datapoints                       │                              │
                     v                              v                              v
      streams of CLOUDWATCH_METRIC checks: all      –                    those put just now
      metric alarms: all                    periods under a minute       those put just now
      composite alarms ───────── those put just now, and those above an alarm that has changed ─────────
```

Everything happens in this order, in one task: a pass that takes longer than its minute delays the next one, and
they do not pile up.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import chain
from math import floor
from typing import Final

from stillup.engine.alarms.datapoints import Datapoints
from stillup.engine.alarms.evaluator import Evaluator
from stillup.engine.alarms.states import States
from stillup.engine.alarms.unheard import Unheard
from stillup.engine.ports import (
    Clock,
    Die,
    Figure,
    HealthMeasures,
    HealthReports,
    JournalUnavailable,
    Metrics,
    MetricVerdicts,
    Resolver,
    Statuses,
    Worlds,
)
from stillup.rules.alarms.alarm import Alarm, AlarmState
from stillup.rules.alarms.briefing import Witness
from stillup.rules.alarms.composite import child_arns, evaluate_composite, in_order
from stillup.rules.changes import (
    AlarmPut,
    AlarmsDeleted,
    AlarmStateSet,
    Change,
    HealthCheckPut,
    SubscriptionDeleted,
    SubscriptionPut,
    TopicDeleted,
    TopicPut,
)
from stillup.rules.ids import Arn, HealthCheckId, Instant
from stillup.rules.world import World

MINUTE: Final = 60
OVERDUE: Final = 3 * MINUTE
"""Seconds without a step after which something is wrong: a pass over all alarms takes one or two."""
STEP: Final = 10
"""Seconds between evaluations of high-resolution alarms (CW-13)."""

_log: Final = logging.getLogger(__name__)


class AlarmKeeper:
    """Puts the health checks' datapoints among the metrics and keeps every alarm in the state that it should have.

    Make it, `start`; at the end `close`. Between the two it follows the world. Where the journal cannot be
    written, datapoints and changes of state wait for the next minute, and none is lost.
    """

    def __init__(
        self,
        *,
        worlds: Worlds,
        clock: Clock,
        die: Die,
        metrics: Metrics,
        measures: HealthMeasures,
        verdicts: MetricVerdicts,
        statuses: Statuses,
        reports: HealthReports,
        resolver: Resolver,
        account_id: str,
    ) -> None:
        self._worlds = worlds
        self._clock = clock
        self._measures = measures
        self._datapoints = Datapoints(metrics)
        witness = Witness(statuses.status, reports.since, reports.latest, resolver.resolve)
        self._states = States(worlds=worlds, clock=clock, die=die, witness=witness, account_id=account_id)
        self._evaluator = Evaluator(
            worlds=worlds, clock=clock, metrics=metrics, states=self._states, verdicts=verdicts
        )
        self._unheard = Unheard()
        self._fresh: set[Arn] = set()
        self._fresh_checks: set[HealthCheckId] = set()
        self._changed: set[Arn] = set()
        self._must_look = True
        self._last_step: Instant = 0.0
        self._last_pass_seconds = 0.0
        self._last_minute: Instant = 0.0
        self._turn = asyncio.Lock()
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # --- life -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take every alarm up where it stands: first what was missed, then every minute."""
        world = self._worlds.current
        self._fresh = set(world.alarms)
        self._fresh_checks = set(world.health_checks)
        self._last_step = self._step_of(self._clock.now())
        self._woken.set()
        self._worlds.subscribe(self._follow)
        self._task = asyncio.create_task(self._run(), name="alarms")

    async def close(self) -> None:
        """Stop. What is being written is written."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        while True:
            wait = max(0.0, self._last_step + STEP - self._clock.now())
            with suppress(TimeoutError):
                async with asyncio.timeout(self._clock.real(wait)):
                    await self._woken.wait()
            self._woken.clear()
            try:
                await self.run_due()
            except Exception:  # noqa: BLE001 - a bug in one minute must not silence the next ones
                _log.exception("the alarms' minute broke off")

    async def run_due(self) -> None:
        """Do whatever is due now. The keeper calls this when it is time; calling it too early does no harm."""
        async with self._turn:
            await self._run_due(self._clock.now())

    async def _run_due(self, started: Instant) -> None:
        step = self._step_of(started)
        has_new_step = step > self._last_step
        minute = step - step % MINUTE
        has_new_minute = minute > self._last_step
        self._last_step = max(step, self._last_step)
        is_complete = has_new_minute and await self._put_datapoints(minute)
        # Where datapoints wait, what is not there yet must not count as missing: the next minute makes up for it.
        await self._evaluate(everything=is_complete, quick=has_new_step)
        if self._must_look:
            self._must_look = False
            self._unheard.look(self._worlds.current)
        if has_new_minute:
            self._last_pass_seconds = self._clock.real(self._clock.now() - started)

    async def _put_datapoints(self, minute: Instant) -> bool:
        """Put what was measured in the minute that has just ended; whether nothing waits any more."""
        self._last_minute = minute
        return await self._datapoints.put(self._measures.take(), minute - MINUTE)

    async def _evaluate(self, *, everything: bool, quick: bool) -> None:
        world = self._worlds.current
        fresh, self._fresh = self._fresh, set()
        fresh_checks, self._fresh_checks = self._fresh_checks, set()
        checks: Iterable[HealthCheckId] = world.health_checks if everything else fresh_checks
        # Streams before alarms: visitors before mails, and no slow disk between (HC-38).
        await self._evaluator.evaluate_streams(
            check
            for check_id in checks
            if (check := world.health_checks.get(check_id)) is not None and check.trigger is not None
        )
        await self._evaluator.evaluate_alarms(
            alarm
            for alarm in world.alarms.values()
            if alarm.trigger is not None
            and (everything or alarm.arn in fresh or (quick and alarm.trigger.period < MINUTE))
        )
        await self._evaluate_composites(fresh)

    async def _evaluate_composites(self, fresh: set[Arn]) -> None:
        """Evaluate those put just now, and those above an alarm that has changed, until none changes any more."""
        while fresh or self._changed:
            changed, self._changed = self._changed, set()
            for parent in in_order(self._worlds.current.alarms):
                below = child_arns(parent)
                if parent.arn in fresh or any(arn in changed or arn in self._changed for arn in below):
                    try:
                        await self._evaluate_composite(parent.arn)
                    except JournalUnavailable as reason:
                        _log.warning("composite alarms wait until they can be written: %s", reason)
                        self._changed |= changed
                        self._fresh |= fresh
                        return
            fresh = set()

    async def _evaluate_composite(self, arn: Arn) -> None:
        alarms = self._worlds.current.alarms
        alarm = alarms.get(arn)
        if alarm is not None and alarm.rule is not None:
            await self._states.put(alarm, evaluate_composite(alarm, alarms))

    # --- the world --------------------------------------------------------------------------------

    def _follow(self, world: World, changes: Sequence[Change]) -> None:
        for change in changes:
            match change:
                case AlarmPut(alarm):
                    self._evaluator.renew(alarm.arn)
                    self._fresh.add(alarm.arn)
                    self._changed.add(alarm.arn)
                    self._must_look = True
                case AlarmStateSet(arn):
                    self._changed.add(arn)
                case AlarmsDeleted(arns):
                    for arn in arns:
                        self._evaluator.forget(arn)
                    self._changed.update(arns)
                    self._must_look = True
                case HealthCheckPut(check):
                    self._evaluator.renew(check.id)
                    self._fresh_checks.add(check.id)
                case TopicPut() | TopicDeleted() | SubscriptionPut() | SubscriptionDeleted():
                    self._must_look = True
                    continue
                case _:
                    continue
            self._woken.set()

    # --- how it is --------------------------------------------------------------------------------

    def ailment(self) -> str | None:
        """What keeps alarms from going off; None for nothing."""
        if self._datapoints.has_to_wait:
            return "datapoints cannot be kept"
        if self._clock.now() - self._last_step > OVERDUE:
            return "the alarms' minute is overdue"
        return None

    def figures(self) -> Sequence[Figure]:
        """Alarms by state, changes, datapoints, and how the last minute went."""
        return tuple(
            chain(
                _by_state(self._worlds.current.alarms.values()),
                self._states.figures(),
                self._datapoints.figures(),
                self._unheard.figures(),
                (
                    Figure(
                        "stillup_alarm_evaluation_seconds",
                        "How long the last minute's evaluation of all alarms took.",
                        self._last_pass_seconds,
                        {},
                    ),
                    Figure(
                        "stillup_alarm_last_minute_timestamp_seconds",
                        "The engine minute at whose begin all alarms were last due.",
                        self._last_minute,
                        {},
                    ),
                ),
            )
        )

    @staticmethod
    def _step_of(now: Instant) -> Instant:
        return float(floor(now / STEP) * STEP)


def _by_state(alarms: Iterable[Alarm]) -> Iterable[Figure]:
    counts = Counter(alarm.standing.state for alarm in alarms)
    for state in AlarmState:
        yield Figure("stillup_alarms", "Alarms by state.", counts[state], {"state": state.value})
