"""PutMetricAlarm: which triggers there can be (CW-3 to CW-7), in CloudWatch's words where there cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Final

from stillup.rules.alarms.alarm import Comparison, MissingData, Trigger
from stillup.rules.alarms.configure import AlarmSettings, Place, put_alarm
from stillup.rules.changes import AlarmPut
from stillup.rules.ids import Instant
from stillup.rules.metrics.metric import Metric, Statistic
from stillup.rules.metrics.retention import DAY, HOUR
from stillup.rules.metrics.statistics import is_percentile
from stillup.rules.refusal import Refusal
from stillup.rules.world import World

SHORT_PERIODS: Final = (10, 20, 30)
"""Seconds; all others are whole minutes (CW-4)."""
LONGEST: Final = 7 * DAY
LONGEST_OF_SHORT: Final = DAY
"""Seconds that all evaluation periods have together; of periods under an hour."""
LOW_SAMPLE_COUNTS: Final = ("evaluate", "ignore")


@dataclass(frozen=True, slots=True)
class TriggerSettings:
    """What PutMetricAlarm says of the metric and its threshold, as it was sent; None where it was left out."""

    namespace: str | None = None
    metric_name: str | None = None
    dimensions: tuple[tuple[str, str], ...] = ()
    """Sorted by name."""
    period: int | None = None
    evaluation_periods: int | None = None
    threshold: float | None = None
    comparison: str | None = None
    statistic: str | None = None
    extended_statistic: str | None = None
    unit: str | None = None
    datapoints_to_alarm: int | None = None
    treat_missing_data: str | None = None
    evaluate_low_sample_count_percentile: str | None = None


def put_metric_alarm(
    world: World, settings: AlarmSettings, wanted: TriggerSettings, *, place: Place, now: Instant
) -> AlarmPut | Refusal:
    """The alarm with these settings, or the first thing that is wrong with them."""
    trigger = trigger_of(wanted)
    if isinstance(trigger, Refusal):
        return trigger
    return put_alarm(world, settings, place=place, now=now, trigger=trigger)


def trigger_of(wanted: TriggerSettings) -> Trigger | Refusal:
    """The trigger, or the first thing that is wrong with it."""
    if (
        wanted.metric_name is None
        or wanted.namespace is None
        or wanted.period is None
        or wanted.evaluation_periods is None
        or wanted.threshold is None
        or wanted.comparison is None
    ):
        return _first_missing(wanted)
    problem = next(_problems(wanted, wanted.period, wanted.evaluation_periods, wanted.threshold), None)
    if problem is not None:
        return problem
    return Trigger(
        metric=Metric(wanted.namespace, wanted.metric_name, wanted.dimensions),
        period=wanted.period,
        evaluation_periods=wanted.evaluation_periods,
        threshold=wanted.threshold,
        comparison=Comparison(wanted.comparison),
        statistic=None if wanted.statistic is None else Statistic(wanted.statistic),
        extended_statistic=wanted.extended_statistic,
        unit=wanted.unit,
        datapoints_to_alarm=wanted.datapoints_to_alarm,
        treat_missing_data=None
        if wanted.treat_missing_data is None
        else MissingData(wanted.treat_missing_data),
        evaluate_low_sample_count_percentile=wanted.evaluate_low_sample_count_percentile,
    )


def _first_missing(wanted: TriggerSettings) -> Refusal:
    required = {
        "MetricName": wanted.metric_name,
        "Namespace": wanted.namespace,
        "Period": wanted.period,
        "EvaluationPeriods": wanted.evaluation_periods,
        "Threshold": wanted.threshold,
        "ComparisonOperator": wanted.comparison,
    }
    missing = next(name for name, value in required.items() if value is None)
    return Refusal.because("ValidationError", f"{missing} must not be null")


def _problems(
    wanted: TriggerSettings, period: int, evaluation_periods: int, threshold: float
) -> Iterator[Refusal]:
    yield from _statistic_problems(wanted)
    if wanted.comparison not in set(Comparison):
        yield _invalid(
            f"The value {wanted.comparison} for parameter ComparisonOperator is not supported: there is no anomaly "
            "detection in this engine."
        )
    if not isfinite(threshold):
        yield _invalid(f"The value {threshold} for parameter Threshold is invalid.")
    if period not in SHORT_PERIODS and period % 60:
        yield _wrong("Period must be 10, 20, 30 or a multiple of 60")
    if period < HOUR and period * evaluation_periods > LONGEST_OF_SHORT:
        yield _wrong(
            "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400) for "
            "alarms using period < 3600"
        )
    if period * evaluation_periods > LONGEST:
        yield _wrong(
            "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800) for "
            "alarms using period >= 3600"
        )
    if wanted.datapoints_to_alarm is not None and wanted.datapoints_to_alarm > evaluation_periods:
        yield _wrong("DatapointsToAlarm must be less than or equal to EvaluationPeriods")
    if wanted.treat_missing_data not in (None, *MissingData):
        yield _invalid(f"The value {wanted.treat_missing_data} for parameter TreatMissingData is invalid.")
    if wanted.evaluate_low_sample_count_percentile not in (None, *LOW_SAMPLE_COUNTS):
        yield _invalid(
            f"The value {wanted.evaluate_low_sample_count_percentile} for parameter EvaluateLowSampleCountPercentile "
            "is invalid."
        )


def _statistic_problems(wanted: TriggerSettings) -> Iterator[Refusal]:
    """Exactly one of the two, and a percentile where it is the other than the plain one (CW-3)."""
    if wanted.statistic is not None and wanted.extended_statistic is not None:
        yield Refusal.because(
            "InvalidParameterCombination",
            "The parameters Statistic and ExtendedStatistic are mutually exclusive and you have specified both.",
        )
    if wanted.statistic is None and wanted.extended_statistic is None:
        yield Refusal.because(
            "MissingParameter",
            "At least one of the parameters Statistic or ExtendedStatistic must be specified.",
        )
    if wanted.extended_statistic is not None and not is_percentile(wanted.extended_statistic):
        yield _invalid(
            f"The value {wanted.extended_statistic} for parameter ExtendedStatistic is not supported."
        )


def _wrong(reason: str) -> Refusal:
    return Refusal.because("ValidationError", reason)


def _invalid(reason: str) -> Refusal:
    return Refusal.because("InvalidParameterValue", reason)
