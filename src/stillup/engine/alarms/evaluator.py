"""Evaluates metric alarms, and the streams of CLOUDWATCH_METRIC checks, from what the metrics hold."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice
from typing import Final, TypeVar

from stillup.engine.alarms.states import States
from stillup.engine.ports import Clock, JournalUnavailable, Metrics, MetricVerdicts, Worlds
from stillup.rules.alarms.alarm import Alarm, Trigger
from stillup.rules.alarms.evaluation import Evaluation, evaluate
from stillup.rules.alarms.slots import evaluation_range, moments_due
from stillup.rules.health.check import HealthCheck
from stillup.rules.ids import Arn, HealthCheckId, Instant
from stillup.rules.metrics.metric import Sample

CATCH_UP: Final = 900.0
"""Seconds: how far back minutes are evaluated that were missed, while the engine was down or the disk was full."""
SETTLING: Final = 60.0
"""Seconds after a start in which only what is there counts, and not what is missing: a whole minute must pass in
which somebody could have put a datapoint, before its absence means anything."""
AT_ONCE: Final = 16
"""Alarms that are evaluated side by side, so that those that change share the journal's transactions."""
_MANY: Final = 500
"""More samples or periods than these are evaluated beside the event loop."""

_T = TypeVar("_T")
_log: Final = logging.getLogger(__name__)


class Evaluator:
    """Knows until when each alarm was evaluated: what could not be written then is evaluated again.

    So a state that came and went while the disk was full, or between two starts of the engine, is told of. And
    no alarm changes, no check fails over, only because the engine was down.
    """

    def __init__(
        self, *, worlds: Worlds, clock: Clock, metrics: Metrics, states: States, verdicts: MetricVerdicts
    ) -> None:
        self._worlds = worlds
        self._clock = clock
        self._metrics = metrics
        self._states = states
        self._verdicts = verdicts
        self._until: dict[Arn, Instant] = {}
        self._started_at = clock.now()
        self._put_since: set[str] = set()

    def renew(self, put: Arn | HealthCheckId) -> None:
        """The alarm or check was put anew: what was known of it does not matter any more."""
        if self._clock.now() < self._started_at + SETTLING:
            self._put_since.add(put)
        self.forget(put)

    def forget(self, gone: str) -> None:
        """The alarm has gone."""
        self._until.pop(Arn(gone), None)

    async def evaluate_streams(self, checks: Iterable[HealthCheck]) -> None:
        """Say what the metric of each of these checks says now (HC-38)."""
        await _side_by_side(self._evaluate_stream, checks)

    async def evaluate_alarms(self, alarms: Iterable[Alarm]) -> None:
        """Put each of these alarms into the state that its metric wants; those that cannot be written wait."""
        await _side_by_side(self._evaluate_alarm, alarms)

    async def _evaluate_stream(self, check: HealthCheck) -> None:
        watched = check.config.alarm_identifier
        if check.trigger is None or watched is None:
            return
        now = self._clock.now()
        samples = await self._read(watched.region, check.trigger, now, now)
        if self._is_settling(check.id, now) and not samples:
            return
        evaluation = await _evaluated(check.trigger, samples, now)
        is_same = self._worlds.current.health_checks.get(check.id) is check
        if evaluation.state is not None and is_same:
            self._verdicts.hear(check.id, evaluation.state)

    async def _evaluate_alarm(self, alarm: Alarm) -> None:
        if alarm.trigger is None:
            return
        now = self._clock.now()
        after = max(
            self._until.get(alarm.arn, 0.0), alarm.standing.updated_at, alarm.configured_at, now - CATCH_UP
        )
        samples = await self._read(alarm.region, alarm.trigger, after, now)
        is_settling = self._is_settling(alarm.arn, now)
        for moment in moments_due(alarm.trigger, samples, after=after, now=now, only_samples=is_settling):
            await self._states.put(alarm, await _evaluated(alarm.trigger, samples, moment))
            self._until[alarm.arn] = moment

    def _is_settling(self, put: str, now: Instant) -> bool:
        return now < self._started_at + SETTLING and put not in self._put_since

    async def _read(self, region: str, trigger: Trigger, first: Instant, last: Instant) -> Sequence[Sample]:
        start, _ = evaluation_range(trigger, first)
        _, end = evaluation_range(trigger, last)
        return await self._metrics.read(region, trigger.metric, start=start, end=end)


async def _evaluated(trigger: Trigger, samples: Sequence[Sample], now: Instant) -> Evaluation:
    if max(len(samples), trigger.evaluation_periods) > _MANY:
        return await asyncio.to_thread(evaluate, trigger, samples, now=now)
    return evaluate(trigger, samples, now=now)


async def _side_by_side(act: Callable[[_T], Awaitable[None]], each: Iterable[_T]) -> None:
    """Act on all, a few at a time, others having their turn between them; one that fails is not in the way."""
    ahead = iter(each)
    while chunk := list(islice(ahead, AT_ONCE)):
        outcomes = await asyncio.gather(*map(act, chunk), return_exceptions=True)
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        for failure in failures:
            if not isinstance(failure, Exception):
                raise failure
            if not isinstance(failure, JournalUnavailable):
                _log.error("an alarm could not be evaluated", exc_info=failure)
        if unavailable := [each for each in failures if isinstance(each, JournalUnavailable)]:
            _log.warning(
                "alarms wait until they can be written: %s",
                unavailable[0],
                extra={"alarms": len(unavailable)},
            )
        await asyncio.sleep(0)
