"""An alarm as a value (4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from stillup.rules.ids import Arn, Instant
from stillup.rules.metrics.metric import Metric, Statistic


class AlarmState(StrEnum):
    """CW-2."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class Comparison(StrEnum):
    """How the statistic, on the left, is compared with the threshold (CW-3)."""

    GREATER_OR_EQUAL = "GreaterThanOrEqualToThreshold"
    GREATER = "GreaterThanThreshold"
    LESS = "LessThanThreshold"
    LESS_OR_EQUAL = "LessThanOrEqualToThreshold"


class MissingData(StrEnum):
    """What stands in for a datapoint that is not there (CW-5)."""

    MISSING = "missing"
    IGNORE = "ignore"
    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a metric alarm watches, and when it goes off.

    Of `statistic` and `extended_statistic` exactly one is given (CW-3).
    """

    metric: Metric
    period: int
    """Seconds (CW-4)."""
    evaluation_periods: int
    threshold: float
    comparison: Comparison
    statistic: Statistic | None = None
    extended_statistic: str | None = None
    """`p99.9` and its kin."""
    unit: str | None = None
    datapoints_to_alarm: int | None = None
    """None: all of the evaluation periods."""
    treat_missing_data: MissingData | None = None
    """None: `missing`, and not shown."""
    evaluate_low_sample_count_percentile: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The state that an alarm is in, and why."""

    state: AlarmState
    reason: str
    reason_data: str | None
    """JSON (CW-20)."""
    updated_at: Instant
    transitioned_at: Instant
    """When the state last became another one."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A metric alarm, which has a trigger, or a composite one, which has a rule: never both."""

    arn: Arn
    region: str
    name: str
    configured_at: Instant
    standing: Standing
    trigger: Trigger | None = None
    rule: str | None = None
    """An AlarmRule expression, as it was written."""
    description: str | None = None
    actions_enabled: bool = True
    ok_actions: tuple[Arn, ...] = ()
    alarm_actions: tuple[Arn, ...] = ()
    insufficient_data_actions: tuple[Arn, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


HISTORY_KEPT: Final = 14 * 86_400
"""Seconds (CW-10)."""


class HistoryItemType(StrEnum):
    """What DescribeAlarmHistory can be asked for."""

    CONFIGURATION_UPDATE = "ConfigurationUpdate"
    STATE_UPDATE = "StateUpdate"
    ACTION = "Action"


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """A line of an alarm's history, as DescribeAlarmHistory gives it."""

    region: str
    alarm_name: str
    is_composite: bool
    at: Instant
    type: HistoryItemType
    summary: str
    data: str
    """JSON."""
