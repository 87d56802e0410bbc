"""A metric and its samples as values (4.1, CW-11)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from stillup.rules.ids import Instant


class Statistic(StrEnum):
    """The plain statistics (CW-3)."""

    SAMPLE_COUNT = "SampleCount"
    AVERAGE = "Average"
    SUM = "Sum"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"


@dataclass(frozen=True, slots=True)
class Metric:
    """What is measured. Two metrics that differ in one dimension are strangers to each other."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()
    """Name and value, sorted by name."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What was measured in the second or minute that begins at `at`."""

    metric: Metric
    at: Instant
    sample_count: float
    sum: float
    minimum: float
    maximum: float
    unit: str = "None"
    distribution: tuple[tuple[float, float], ...] = ()
    """Each value and how often it came, for percentiles; empty where only a statistic set was given."""
    resolution: int = 60
    """Seconds: 60, or 1 for high-resolution metrics."""


def sample_of(metric: Metric, at: Instant, *values: float, unit: str = "None") -> Sample:
    """The sample that these values make; at least one."""
    return Sample(
        metric=metric,
        at=at,
        sample_count=float(len(values)),
        sum=sum(values),
        minimum=min(values),
        maximum=max(values),
        unit=unit,
        distribution=tuple(sorted((value, float(count)) for value, count in Counter(values).items())),
    )
