"""What PutMetricData takes (CW-11), in CloudWatch's words where it does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final, TypeAlias

from stillup.rules.ids import Instant
from stillup.rules.metrics.merging import merge
from stillup.rules.metrics.metric import Metric, Sample
from stillup.rules.metrics.retention import DAY, HOUR, floor_to
from stillup.rules.refusal import Refusal

OLDEST: Final = 14 * DAY
FURTHEST: Final = 2 * HOUR
"""Seconds before and after now that a datapoint may lie."""
MOST_DATA: Final = 1_000
MOST_VALUES: Final = 150
LARGEST: Final = 2.0**360
RESOLUTIONS: Final = (1, 60)
RESERVED_NAMESPACE: Final = "AWS/"

Problem: TypeAlias = tuple[str, str]
"""A code and a text."""


@dataclass(frozen=True, slots=True)
class StatisticSet:
    """Values that somebody has already counted."""

    sample_count: float
    sum: float
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Datum:
    """One MetricDatum, as it was sent; None where something was left out."""

    metric: Metric
    at: Instant | None = None
    value: float | None = None
    values: tuple[float, ...] = ()
    counts: tuple[float, ...] | None = None
    statistics: StatisticSet | None = None
    unit: str = "None"
    resolution: int = 60


def samples_of(namespace: str, data: Sequence[Datum], *, now: Instant) -> Sequence[Sample] | Refusal:
    """The samples that these data make, all or none.

    | given                      | makes                                                   |
    |----------------------------|---------------------------------------------------------|
    | Value                      | it, once                                                |
    | Values, Counts             | each value as often as its count says; once if left out |
    | StatisticValues            | its figures; no percentiles unless Minimum = Maximum    |
    | Values and StatisticValues | both: CloudWatch takes them so                          |
    | Value and one of these     | InvalidParameterCombination                             |
    | none                       | MissingParameter                                        |

    Refuses with the code of the first problem, and all problems of that code, each on its line.
    """
    problems = [*_problems_of_all(namespace, data)]
    for number, datum in enumerate(data, 1):
        problems += _problems(datum, f"MetricData.member.{number}", now)
    if problems:
        code = problems[0][0]
        return Refusal.because(code, "\n".join(text for other, text in problems if other == code))
    return [_sample(datum, now) for datum in data]


def _problems_of_all(namespace: str, data: Sequence[Datum]) -> Iterator[Problem]:
    if namespace.startswith(RESERVED_NAMESPACE) or not (namespace.isascii() and namespace.isprintable()):
        yield "InvalidParameterValue", f"The value {namespace} for parameter Namespace is invalid."
    if not data:
        yield "MissingParameter", "The parameter MetricData is required."
    if len(data) > MOST_DATA:
        yield (
            "InvalidParameterValue",
            f"The collection MetricData must not have a size greater than {MOST_DATA}.",
        )


def _problems(datum: Datum, path: str, now: Instant) -> Iterator[Problem]:
    yield from _combination_problems(datum, path)
    if datum.at is not None and not now - OLDEST <= datum.at <= now + FURTHEST:
        yield (
            "InvalidParameterValue",
            f"The parameter {path}.Timestamp must specify a time within the past two weeks.",
        )
    if datum.resolution not in RESOLUTIONS:
        yield _invalid(datum.resolution, f"{path}.StorageResolution")
    if datum.value is not None and not _is_storable(datum.value):
        yield _invalid(datum.value, f"{path}.Value")
    yield from _list_problems(datum, path)
    if datum.statistics is not None:
        yield from _statistics_problems(datum.statistics, f"{path}.StatisticValues")


def _combination_problems(datum: Datum, path: str) -> Iterator[Problem]:
    others = {"Values": bool(datum.values), "StatisticValues": datum.statistics is not None}
    given = [name for name, is_given in others.items() if is_given]
    if datum.value is None and not given:
        choice = f"{path}.Value, {path}.Values or {path}.StatisticValues"
        yield "MissingParameter", f"At least one of the parameters {choice} must be specified."
    if datum.value is not None:
        for name in given:
            yield (
                "InvalidParameterCombination",
                f"The parameters {path}.Value and {path}.{name} are mutually exclusive and you have specified both.",
            )


def _list_problems(datum: Datum, path: str) -> Iterator[Problem]:
    if datum.counts is not None and len(datum.counts) != len(datum.values):
        yield (
            "InvalidParameterValue",
            f"The parameters {path}.Values and {path}.Counts must be of the same size.",
        )
    if len(datum.values) > MOST_VALUES:
        yield (
            "InvalidParameterValue",
            f"The collection {path}.Values must not have a size greater than {MOST_VALUES}.",
        )
    for number, value in enumerate(datum.values, 1):
        if not _is_storable(value):
            yield _invalid(value, f"{path}.Values.member.{number}")
    for number, count in enumerate(datum.counts or (), 1):
        if not (_is_storable(count) and count > 0):
            yield _invalid(count, f"{path}.Counts.member.{number}")


def _statistics_problems(statistics: StatisticSet, path: str) -> Iterator[Problem]:
    figures = {
        "SampleCount": statistics.sample_count,
        "Sum": statistics.sum,
        "Minimum": statistics.minimum,
        "Maximum": statistics.maximum,
    }
    for name, figure in figures.items():
        if not _is_storable(figure):
            yield _invalid(figure, f"{path}.{name}")
    if statistics.sample_count <= 0:
        yield "InvalidParameterValue", f"The parameter {path}.SampleCount must be greater than 0."
    if statistics.maximum < statistics.minimum:
        yield "InvalidParameterValue", f"The parameter {path}.Maximum must be greater than {path}.Minimum."


def _is_storable(value: float) -> bool:
    return isfinite(value) and abs(value) <= LARGEST


def _invalid(value: float, path: str) -> Problem:
    shown = "NaN" if value != value else str(value)  # noqa: PLR0124 - NaN is not itself
    return "InvalidParameterValue", f"The value {shown} for parameter {path} is invalid."


def _sample(datum: Datum, now: Instant) -> Sample:
    return merge([*_parts(datum, floor_to(now if datum.at is None else datum.at, datum.resolution))])


def _parts(datum: Datum, at: Instant) -> Iterator[Sample]:
    values = datum.values if datum.value is None else (datum.value,)
    counts = datum.counts or (1.0,) * len(values)
    for value, count in zip(values, counts, strict=True):
        yield Sample(
            datum.metric,
            at,
            sample_count=count,
            sum=value * count,
            minimum=value,
            maximum=value,
            unit=datum.unit,
            resolution=datum.resolution,
        )
    if (counted := datum.statistics) is not None:
        yield Sample(
            datum.metric,
            at,
            sample_count=counted.sample_count,
            sum=counted.sum,
            minimum=counted.minimum,
            maximum=counted.maximum,
            unit=datum.unit,
            resolution=datum.resolution,
        )
