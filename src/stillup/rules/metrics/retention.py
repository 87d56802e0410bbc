"""How long datapoints are kept, and how coarse they become (CW-11).

| resolution | kept for | then part of one of |
|------------|----------|---------------------|
| 1 s        | 3 hours  | 60 s                |
| 60 s       | 15 days  | 300 s               |
| 300 s      | 63 days  | 3600 s              |
| 3600 s     | 455 days | nothing: gone       |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import Final

from stillup.rules.ids import Instant
from stillup.rules.metrics.merging import merge
from stillup.rules.metrics.metric import Sample

HOUR: Final = 3_600
DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Tier:
    """Samples of one resolution; all in seconds."""

    resolution: int
    kept: int
    then: int | None
    """The resolution that they are rolled up to. None: they go."""


TIERS: Final = (
    Tier(1, 3 * HOUR, 60),
    Tier(60, 15 * DAY, 300),
    Tier(300, 63 * DAY, 3_600),
    Tier(3_600, 455 * DAY, None),
)
LISTED_FOR: Final = 14 * DAY
"""How long ListMetrics shows a metric that has no more data."""


def roll_up(samples: Iterable[Sample], resolution: int) -> Sequence[Sample]:
    """These samples as ones of a coarser resolution, one for each metric, unit and stretch of time."""
    stretches = defaultdict(list)
    for sample in samples:
        stretches[sample.metric, sample.unit, floor_to(sample.at, resolution)].append(sample)
    return [
        replace(merge(stretch), at=at, resolution=resolution) for (_, _, at), stretch in stretches.items()
    ]


def is_retrievable(at: Instant, period: int, *, now: Instant) -> bool:
    """Whether datapoints of this period can be had for that time: a finer one than what is kept cannot."""
    age = now - at
    return any(age <= tier.kept and period % tier.resolution == 0 for tier in TIERS)


def floor_to(at: Instant, step: int) -> Instant:
    """The latest multiple of the step, in seconds since the epoch, that is not after this moment."""
    return float(floor(at / step) * step)
