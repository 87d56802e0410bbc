"""Samples of one metric and unit, put together into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from stillup.rules.metrics.metric import Sample
from stillup.rules.metrics.statistics import distribution_of

Distribution: TypeAlias = Sequence[tuple[float, float]]

MOST_VALUES: Final = 1_000
"""Different values that a sample remembers. Of more, neighbours become one at their mean: percentiles of so many
are as good, and what a sample costs stays bounded however much is put into its minute."""


def merge(samples: Sequence[Sample]) -> Sample:
    """One sample for all of these, at the time of the first and with the finest of their resolutions.

    Its distribution is known if that of each is.
    """
    return replace(
        samples[0],
        sample_count=sum(sample.sample_count for sample in samples),
        sum=sum(sample.sum for sample in samples),
        minimum=min(sample.minimum for sample in samples),
        maximum=max(sample.maximum for sample in samples),
        distribution=tuple(_thinned(distribution_of(samples) or ())),
        resolution=min(sample.resolution for sample in samples),
    )


def _thinned(distribution: Distribution) -> Distribution:
    while len(distribution) > MOST_VALUES:
        distribution = [_mean(distribution[at : at + 2]) for at in range(0, len(distribution), 2)]
    return distribution


def _mean(distribution: Distribution) -> tuple[float, float]:
    count = sum(count for _, count in distribution)
    return sum(value * count for value, count in distribution) / count, count
