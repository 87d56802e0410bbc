"""Metrics, alarms' history, and who follows a metric."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from stillup.rules.alarms.alarm import AlarmState, HistoryItem
from stillup.rules.ids import HealthCheckId, Instant
from stillup.rules.metrics.metric import Metric, Sample


class Metrics(Protocol):
    """Every datapoint of every Region, kept across restarts as long as CW-11 says."""

    async def put(self, region: str, samples: Sequence[Sample]) -> None:
        """Keep these, added to what is there of the same metric, time and unit. Raises JournalUnavailable."""

    async def read(self, region: str, metric: Metric, *, start: Instant, end: Instant) -> Sequence[Sample]:
        """Its samples with start <= at < end, oldest first, one for each time and unit."""

    async def known(self, region: str, *, since: Instant) -> Sequence[Metric]:
        """The metrics that have had a sample since then, in order."""


class AlarmHistory(Protocol):
    """What happened to alarms, for two weeks. It is written with the change that it tells of."""

    async def read(self, region: str, *, start: Instant, end: Instant) -> Sequence[HistoryItem]:
        """The items with start <= at < end, newest first."""


class MetricVerdicts(Protocol):
    """Who wants to know what the stream of a CLOUDWATCH_METRIC check says (HC-38)."""

    def hear(self, check_id: HealthCheckId, state: AlarmState) -> None:
        """The state that an alarm with the check's copied settings would have now."""
