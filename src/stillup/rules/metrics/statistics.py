"""What the samples of one period amount to: the plain statistics and percentiles (CW-3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import floor
from typing import Final

from stillup.rules.metrics.metric import Sample, Statistic

_PERCENTILE: Final = re.compile(r"p(\d{1,2}(?:\.\d{1,10})?|100(?:\.0{1,10})?)")
"""`p0` to `p100`, with up to ten decimals."""


def is_known_statistic(text: str) -> bool:
    """Whether `statistic_of` can tell it. Trimmed means and their kin (`tm99`, `IQM`, …) it cannot."""
    return text in set(Statistic) or is_percentile(text)


def is_percentile(text: str) -> bool:
    """Whether this is a percentile, as `p99.9` is."""
    return _PERCENTILE.fullmatch(text) is not None


def fraction_of(percentile: str) -> float:
    """0.999 for `p99.9`."""
    return float(percentile[1:]) / 100


def statistic_of(samples: Sequence[Sample], statistic: str) -> float | None:
    """The statistic of all these samples together: those of one metric, unit and period.

    | samples                                    | statistic  | value                                       |
    |--------------------------------------------|------------|---------------------------------------------|
    | none, or nothing was counted in them       | any        | None                                        |
    | some                                       | a plain one | it; 0.0 is a value like any other          |
    | all with a distribution ¹                  | percentile | between the two nearest ranks, in proportion |
    | one without                                | percentile | None: nobody can tell                       |

    ¹ Or a statistic set whose minimum is its maximum: every value of it is known.
    """
    counted = [sample for sample in samples if sample.sample_count > 0]
    if not counted:
        return None
    match statistic:
        case Statistic.SAMPLE_COUNT:
            return sum(sample.sample_count for sample in counted)
        case Statistic.SUM:
            return sum(sample.sum for sample in counted)
        case Statistic.AVERAGE:
            return sum(sample.sum for sample in counted) / sum(sample.sample_count for sample in counted)
        case Statistic.MINIMUM:
            return min(sample.minimum for sample in counted)
        case Statistic.MAXIMUM:
            return max(sample.maximum for sample in counted)
    distribution = distribution_of(counted)
    return None if distribution is None else _percentile(distribution, fraction_of(statistic))


def distribution_of(samples: Iterable[Sample]) -> list[tuple[float, float]] | None:
    """Each value of these samples and how often it came, in order; None where that of one is not known."""
    merged: dict[float, float] = {}
    for sample in samples:
        if sample.distribution:
            known = sample.distribution
        elif sample.minimum == sample.maximum:
            known = ((sample.minimum, sample.sample_count),)
        else:
            return None
        for value, count in known:
            merged[value] = merged.get(value, 0.0) + count
    return sorted(merged.items())


def _percentile(distribution: Sequence[tuple[float, float]], fraction: float) -> float:
    """The value at this fraction of the way from the first to the last of all values in order."""
    ends = list(accumulate(count for _, count in distribution))
    rank = fraction * max(ends[-1] - 1, 0.0)
    below = _value_at(distribution, ends, floor(rank))
    above = _value_at(distribution, ends, floor(rank) + 1)
    return below + (above - below) * (rank - floor(rank))


def _value_at(distribution: Sequence[tuple[float, float]], ends: Sequence[float], rank: int) -> float:
    return next(
        (value for (value, _), end in zip(distribution, ends, strict=True) if rank < end), distribution[-1][0]
    )
