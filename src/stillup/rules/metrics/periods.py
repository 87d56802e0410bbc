"""The stretches of time that GetMetricData and GetMetricStatistics answer with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import floor
from typing import Final

from stillup.rules.ids import Instant
from stillup.rules.metrics.metric import Sample
from stillup.rules.metrics.retention import DAY, HOUR, floor_to, is_retrievable
from stillup.rules.refusal import Refusal

SHORT_PERIODS: Final = (1, 5, 10, 20, 30)
"""Seconds; all others are whole minutes."""


def is_period(period: int) -> bool:
    """Whether statistics can be had for periods of so many seconds."""
    return period in SHORT_PERIODS or (period > 0 and period % 60 == 0)


def rounded_start(start: Instant, period: int, *, now: Instant) -> Instant:
    """Where the first period begins, as CloudWatch rounds StartTime.

    | period  | start, before now | rounded down to  |
    |---------|-------------------|------------------|
    | < 60 s  | any               | a whole period   |
    | others  | < 15 days         | a minute         |
    | others  | < 63 days         | 5 minutes        |
    | others  | longer            | an hour          |
    """
    age = now - start
    if period < 60:
        return floor_to(start, period)
    return floor_to(start, 60 if age < 15 * DAY else 300 if age < 63 * DAY else HOUR)


def range_problem(start: Instant, end: Instant) -> str | None:
    """What is wrong with this range, in CloudWatch's words. Fractions of a second do not count."""
    if floor(start) >= floor(end):
        return "The parameter StartTime must be less than the parameter EndTime."
    return None


def in_periods(
    samples: Iterable[Sample], *, start: Instant, period: int, now: Instant
) -> Mapping[Instant, Sequence[Sample]]:
    """The samples by the beginning of the period they are in, oldest first; periods without any are not there.

    The periods follow each other from `start`: they begin on whole minutes or hours only if that does.
    """
    periods: dict[Instant, list[Sample]] = defaultdict(list)
    for sample in sorted(samples, key=lambda sample: sample.at):
        if is_retrievable(sample.at, period, now=now):
            periods[start + floor_to(sample.at - start, period)].append(sample)
    return periods


def units_of(samples: Iterable[Sample]) -> Sequence[str]:
    """The units in alphabetical order, but None last: where one must do, CloudWatch takes the first of them."""
    return sorted({sample.unit for sample in samples}, key=lambda unit: (unit == "None", unit))


def datapoints_problem(start: Instant, end: Instant, period: int, *, most: int) -> Refusal | None:
    """A refusal where so many periods fit into the range that they are more than one answer may have."""
    count = int((end - start) // period)
    if count <= most:
        return None
    return Refusal.because(
        "InvalidParameterCombination",
        f"You have requested up to {count} datapoints, which exceeds the limit of {most}. You may reduce the "
        "datapoints requested by increasing Period, or decreasing the time range.",
    )
