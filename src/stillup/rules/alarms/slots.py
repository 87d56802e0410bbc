"""Which stretches of time an alarm looks at, and what its metric was in each (CW-13, CW-14).

```text
  slots of one period, as many as the alarm evaluates and two more: the evaluation range
  ┌───────┬───────┬───────┬───────┬───────┐
  │       │       │       │       │       │ the minute still running
  └───────┴───────┴───────┴───────┴───────┘
  start                                   end: the latest whole minute ≤ now
```

| slot                                                     | counts                        |
|----------------------------------------------------------|-------------------------------|
| of the range, all of it over                             | yes                           |
| in which the minute still runs                           | no: the range ends before it  |
| of the range, whose samples arrived after it was over    | yes, from the next evaluation |
| older than the range                                     | no                            |

The end of the range is a whole minute since the epoch, whatever the period: a period of five minutes is evaluated
every minute, over the latest five whole ones. Periods under a minute end with every ten seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

from stillup.rules.alarms.alarm import Comparison, Trigger
from stillup.rules.ids import Instant
from stillup.rules.metrics.metric import Sample
from stillup.rules.metrics.statistics import fraction_of, statistic_of

SPARE_SLOTS: Final = 2
"""How much longer than the evaluation periods the range is. AWS does not say; its example has 5 for 3 (CW-14)."""
ENOUGH_FOR_PERCENTILE: Final = 10
"""Samples that must lie beyond a percentile before it means anything."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One period. `value` is None where no sample is there: 0.0 is a value."""

    at: Instant
    """When it begins."""
    value: float | None = None
    sample_count: float = 0.0


def step_of(trigger: Trigger) -> int:
    """Seconds between two evaluations (CW-13)."""
    return 60 if trigger.period >= 60 else 10


def evaluation_range(trigger: Trigger, now: Instant) -> tuple[Instant, Instant]:
    """Start and end of what an evaluation at this moment looks at: samples with start <= at < end."""
    step = step_of(trigger)
    end = float(floor(now / step) * step)
    return end - trigger.period * (trigger.evaluation_periods + SPARE_SLOTS), end


def moments_due(
    trigger: Trigger, samples: Sequence[Sample], *, after: Instant, now: Instant, only_samples: bool = False
) -> tuple[Instant, ...]:
    """When the alarm is to be evaluated, once it has been until `after`, oldest first.

    | moment                                            | is due                  |
    |---------------------------------------------------|-------------------------|
    | end of a step after `after` that holds a sample ¹ | yes, though it is late  |
    | end of any other step before the latest           | no: it tells nothing    |
    | now                                               | unless `only_samples` ² |

    ¹ It tells of a state that may have come and gone since. The latest such end is `now`.
    ² Then what is missing does not count: nobody was there to take it.
    """
    step = step_of(trigger)
    _, latest = evaluation_range(trigger, now)
    ends = {float((floor(sample.at / step) + 1) * step) for sample in samples}
    due = {now if end == latest else end for end in ends if after < end <= latest}
    return tuple(sorted(due if only_samples else due | {now}))


def slots_of(trigger: Trigger, samples: Sequence[Sample], now: Instant) -> tuple[Slot, ...]:
    """The slots of the range, newest first. Samples beyond it do no harm.

    A trigger with a unit sees only samples of that unit (CW-7), one without sees those of the unit that the
    newest sample of the range has: quantities of different units cannot be added.
    """
    start, end = evaluation_range(trigger, now)
    within = [sample for sample in samples if start <= sample.at < end]
    unit = trigger.unit or max(within, key=lambda sample: sample.at).unit if within else None
    gathered: dict[int, list[Sample]] = {}
    for sample in within:
        if sample.unit == unit:
            gathered.setdefault(floor((sample.at - start) / trigger.period), []).append(sample)
    count = trigger.evaluation_periods + SPARE_SLOTS
    return tuple(
        _slot(trigger, start + number * trigger.period, gathered.get(number, ()))
        for number in reversed(range(count))
    )


def _slot(trigger: Trigger, at: Instant, samples: Sequence[Sample]) -> Slot:
    value = statistic_of(samples, trigger.statistic or trigger.extended_statistic or "")
    if value is None:
        return Slot(at)
    return Slot(at, value, sum(sample.sample_count for sample in samples))


def is_breaching(trigger: Trigger, value: float) -> bool:
    """Whether the value is what the alarm is about; the threshold stands on the right (CW-3)."""
    match trigger.comparison:
        case Comparison.GREATER_OR_EQUAL:
            return value >= trigger.threshold
        case Comparison.GREATER:
            return value > trigger.threshold
        case Comparison.LESS:
            return value < trigger.threshold
        case Comparison.LESS_OR_EQUAL:
            return value <= trigger.threshold


def is_significant(trigger: Trigger, slot: Slot) -> bool:
    """Whether enough was counted for the percentile to mean something: ten samples beyond it, on its short side.

    p99 takes 1,000 samples, p50 twenty, p10 a hundred. Of other statistics every number of samples is enough, and of
    percentiles too unless the alarm is told to ignore few (EvaluateLowSampleCountPercentile).
    """
    if trigger.extended_statistic is None or trigger.evaluate_low_sample_count_percentile != "ignore":
        return True
    fraction = fraction_of(trigger.extended_statistic)
    beyond = min(fraction, 1 - fraction) * slot.sample_count
    return round(beyond, 9) >= ENOUGH_FOR_PERCENTILE
