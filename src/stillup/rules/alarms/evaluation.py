"""What a metric's latest datapoints make of an alarm (CW-13 to CW-18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stillup.rules.alarms import reasons
from stillup.rules.alarms.alarm import AlarmState, MissingData, Trigger
from stillup.rules.alarms.slots import Slot, is_breaching, is_significant, slots_of
from stillup.rules.ids import Instant
from stillup.rules.metrics.metric import Sample


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The state that the alarm should have, and why. None: it keeps the state that it has."""

    state: AlarmState | None
    reason: str = ""
    reason_data: str | None = None
    """JSON (CW-20)."""


KEEP: Final = Evaluation(None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an alarm has to go by: the slots that count, newest first, and how often a missing one is made up for."""

    real: tuple[Slot, ...]
    breaching: tuple[Slot, ...]
    filled: int
    age: int
    """Of the oldest breaching slot, in periods: 1 is the newest slot; 0 if there is none."""


def evaluate(trigger: Trigger, samples: Sequence[Sample], *, now: Instant) -> Evaluation:
    """The alarm's state by the samples of its evaluation range (slots.py), at this moment.

    A percentile of too few samples changes nothing if the alarm is told to ignore those.
    """
    slots = slots_of(trigger, samples, now)
    evidence = weigh(trigger, slots)
    if not all(is_significant(trigger, slot) for slot in evidence.real):
        return KEEP
    state = decide(trigger, evidence)
    if state is None:
        return KEEP
    considered = considered_of(slots, evidence)
    return Evaluation(
        state,
        reasons.reason(trigger, state, evidence.real, evidence.breaching, filled=evidence.filled),
        reasons.reason_data(trigger, considered, now=now),
    )


def weigh(trigger: Trigger, slots: Sequence[Slot]) -> Evidence:
    """The N newest real slots, or all where there are fewer, and how many are missing then (CW-14)."""
    real = tuple(slot for slot in slots if slot.value is not None)[: trigger.evaluation_periods]
    breaching = tuple(slot for slot in real if slot.value is not None and is_breaching(trigger, slot.value))
    age = slots.index(breaching[-1]) + 1 if breaching else 0
    return Evidence(real, breaching, trigger.evaluation_periods - len(real), age)


def decide(trigger: Trigger, evidence: Evidence) -> AlarmState | None:
    """The state for this evidence; N evaluation periods, M of them to alarm. None: keep the state.

    | real slots                                     | missing           | ignore | breaching | notBreaching |
    |------------------------------------------------|-------------------|--------|-----------|--------------|
    | M or more breach                               | ALARM             | ALARM  | ALARM     | ALARM        |
    | N, fewer than M breach                         | OK                | OK     | OK        | OK           |
    | fewer than N, fewer than M breach, one does not | OK               | OK     | ¹         | OK           |
    | all breach, the oldest M or more periods old   | ALARM ²           | keep   | ¹         | OK           |
    | all breach, the oldest younger than that       | keep ²            | keep   | ¹         | OK           |
    | none                                           | INSUFFICIENT_DATA | keep   | ¹         | OK           |

    ¹ ALARM if those that breach and those that are missing are M or more together, else OK.
    ² The premature-alarm rule (CW-17): few datapoints alarm only when there has been time for more. Until then
      nothing speaks for OK either, which would tell people that something has recovered.
    """
    count = len(evidence.breaching)
    wanted = trigger.datapoints_to_alarm or trigger.evaluation_periods
    treatment = trigger.treat_missing_data or MissingData.MISSING
    if count >= wanted:
        return AlarmState.ALARM
    if evidence.filled == 0:
        return AlarmState.OK
    match treatment:
        case MissingData.BREACHING:
            return AlarmState.ALARM if count + evidence.filled >= wanted else AlarmState.OK
        case MissingData.NOT_BREACHING:
            return AlarmState.OK
    if count < len(evidence.real):
        return AlarmState.OK
    if treatment is MissingData.IGNORE:
        return None
    if not evidence.real:
        return AlarmState.INSUFFICIENT_DATA
    return AlarmState.ALARM if evidence.age >= wanted else None


def considered_of(slots: Sequence[Slot], evidence: Evidence) -> tuple[Slot, ...]:
    """The slots that the reason's data shows, newest first: those that counted, and the missing ones made up for."""
    missing = [slot for slot in slots if slot.value is None][: evidence.filled]
    counted = {slot.at for slot in (*evidence.real, *missing)}
    return tuple(slot for slot in slots if slot.at in counted)
