"""The queries of GetMetricData: which there can be, what they are called, and what they give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from stillup.rules.ids import Instant
from stillup.rules.metrics.metric import Metric, Sample
from stillup.rules.metrics.periods import in_periods, is_period, units_of
from stillup.rules.metrics.statistics import is_known_statistic, statistic_of
from stillup.rules.refusal import Refusal

MOST_QUERIES: Final = 500
MOST_DATAPOINTS: Final = 100_800
"""Of one answer."""

_ID: Final = re.compile(r"[a-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Query:
    """A MetricStat that is asked for under an id."""

    id: str
    metric: Metric
    period: int
    statistic: str
    unit: str | None = None
    """None: any; of several, the first (`units_of`)."""
    label: str | None = None
    returns_data: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """What a query gives: each period that has a value, oldest first, and which units there were."""

    points: Sequence[tuple[Instant, float]]
    units: Sequence[str]


def queries_problem(queries: Sequence[Query]) -> Refusal | None:
    """The first thing that is wrong with these."""
    problem = next(_problems(queries), None)
    return None if problem is None else Refusal.because("ValidationError", problem)


def labels_of(queries: Sequence[Query]) -> Sequence[str]:
    """How the answers to these are called: by their labels, else by the metric and whatever tells them apart.

    | the statistics | the periods | label               |
    |----------------|-------------|---------------------|
    | same           | same        | `metric1`           |
    | differ         | same        | `metric1 Sum`       |
    | same           | differ      | `metric1 60`        |
    | differ         | differ      | `metric1 Sum 60`    |
    """
    statistics_differ = len({query.statistic for query in queries}) > 1
    periods_differ = len({query.period for query in queries}) > 1
    return [
        query.label
        if query.label is not None
        else " ".join(
            [
                query.metric.name,
                *([query.statistic] if statistics_differ else []),
                *([str(query.period)] if periods_differ else []),
            ]
        )
        for query in queries
    ]


def series_of(query: Query, samples: Sequence[Sample], *, start: Instant, now: Instant) -> Series:
    """What these samples of its metric give, in periods from `start` on."""
    units = units_of(samples)
    unit = query.unit if query.unit is not None else next(iter(units), None)
    counted = [sample for sample in samples if sample.unit == unit]
    values = (
        (at, statistic_of(found, query.statistic))
        for at, found in in_periods(counted, start=start, period=query.period, now=now).items()
    )
    return Series(
        [(at, value) for at, value in values if value is not None],
        units if query.unit is None else [query.unit],
    )


def _problems(queries: Sequence[Query]) -> Iterator[str]:
    if len(queries) > MOST_QUERIES:
        yield f"The collection MetricDataQueries must not have a size greater than {MOST_QUERIES}."
    if len({query.id for query in queries}) < len(queries):
        yield "The values for parameter id in MetricDataQueries are not unique."
    for number, query in enumerate(queries, 1):
        path = f"MetricDataQueries.member.{number}"
        if not _ID.fullmatch(query.id):
            yield f"The value {query.id} for parameter {path}.Id does not match the pattern {_ID.pattern}."
        if not is_period(query.period):
            yield (
                f"The value {query.period} for parameter {path}.MetricStat.Period is invalid: it must be 1, 5, 10, 20, "
                "30 or a multiple of 60."
            )
        if not is_known_statistic(query.statistic):
            yield f"The value {query.statistic} for parameter {path}.MetricStat.Stat is not supported."
