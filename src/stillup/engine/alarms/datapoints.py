"""The health checks' datapoints of each minute, on their way to the metrics (1.12)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from typing import Final

from stillup.engine.ports import Figure, HealthFigures, JournalUnavailable, Metrics
from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId, Instant
from stillup.rules.metrics.metric import Metric, Sample, sample_of

NAMESPACE: Final = "AWS/Route53"
REGION: Final = "us-east-1"
"""The only one that has metrics of health checks (CW-22)."""
MOST_WAITING: Final = 100_000
"""Datapoints that are kept while they cannot be written; beyond, the oldest go."""
_AT_A_STRETCH: Final = 200
"""Samples that are made before others get their turn in the event loop: a few milliseconds."""

_log: Final = logging.getLogger(__name__)


def samples_of(check_id: HealthCheckId, figures: HealthFigures, at: Instant) -> Iterator[Sample]:
    """What CloudWatch has of one check and minute.

    | metric                       | values                                   | unit         | dimensions              |
    |------------------------------|------------------------------------------|--------------|-------------------------|
    | HealthCheckStatus            | 1 or 0 for every status of the minute    | None         | HealthCheckId           |
    | HealthCheckPercentageHealthy | one                                      | Percent      | HealthCheckId           |
    | ChildHealthCheckHealthyCount | one                                      | Count        | HealthCheckId           |
    | the timings                  | one for each good probe                  | Milliseconds | HealthCheckId           |
    | the timings                  | one for each good probe from the Region  | Milliseconds | HealthCheckId, Region   |

    What is not known has no sample: nothing is invented.
    """
    statuses = (float(status is Status.HEALTHY) for status in figures.status)
    yield sample_of(_metric("HealthCheckStatus", check_id), at, *statuses)
    if figures.percentage_healthy is not None:
        metric = _metric("HealthCheckPercentageHealthy", check_id)
        yield sample_of(metric, at, figures.percentage_healthy, unit="Percent")
    if figures.healthy_children is not None:
        metric = _metric("ChildHealthCheckHealthyCount", check_id)
        yield sample_of(metric, at, float(figures.healthy_children), unit="Count")
    timings: dict[Metric, list[float]] = {}
    for name, region, milliseconds in figures.timings:
        for metric in (_metric(name, check_id), _metric(name, check_id, ("Region", region))):
            timings.setdefault(metric, []).append(milliseconds)
    for metric, values in timings.items():
        yield sample_of(metric, at, *values, unit="Milliseconds")


def _metric(name: str, check_id: HealthCheckId, *more: tuple[str, str]) -> Metric:
    return Metric(NAMESPACE, name, (("HealthCheckId", check_id), *more))


class Datapoints:
    """Puts samples among the metrics; those that cannot be put wait for the next time."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._waiting: list[Sample] = []
        self._put = 0
        self._dropped = 0

    async def put(self, figures: Mapping[HealthCheckId, HealthFigures], at: Instant) -> bool:
        """Put these, of the minute that began at `at`, with all that waits. Whether nothing waits any more."""
        for check_id, of_check in figures.items():
            before = len(self._waiting) // _AT_A_STRETCH
            self._waiting.extend(samples_of(check_id, of_check, at))
            if len(self._waiting) // _AT_A_STRETCH != before:
                await asyncio.sleep(0)
        self._drop()
        if not self._waiting:
            return True
        try:
            await self._metrics.put(REGION, tuple(self._waiting))
        except JournalUnavailable as reason:
            _log.warning("datapoints wait: %s", reason, extra={"waiting": len(self._waiting)})
            return False
        self._put += len(self._waiting)
        self._waiting = []
        return True

    @property
    def has_to_wait(self) -> bool:
        """Whether the last minute's could not be put."""
        return bool(self._waiting)

    def figures(self) -> Iterator[Figure]:
        """How many were put, wait, and are lost."""
        yield Figure(
            "stillup_datapoints_total", "Datapoints of health checks put.", self._put, {}, is_counter=True
        )
        yield Figure(
            "stillup_datapoints_waiting", "Datapoints that cannot be written yet.", len(self._waiting), {}
        )
        yield Figure(
            "stillup_datapoints_dropped_total",
            "Datapoints that could not be written for too long.",
            self._dropped,
            {},
            is_counter=True,
        )

    def _drop(self) -> None:
        excess = len(self._waiting) - MOST_WAITING
        if excess > 0:
            del self._waiting[:excess]
            self._dropped += excess
            _log.error("datapoints are lost: they could not be written for too long", extra={"lost": excess})
