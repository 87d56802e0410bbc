"""Why an alarm is in its state: StateReason and StateReasonData (CW-19, CW-20)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from stillup.rules.alarms import moments
from stillup.rules.alarms.alarm import Alarm, AlarmState, Comparison, MissingData, Trigger
from stillup.rules.alarms.slots import Slot
from stillup.rules.ids import Instant

INITIAL: Final = "Unchecked: Initial alarm creation"
"""Of an alarm that was never evaluated."""
MOST_CITED: Final = 5
"""Datapoints in a reason; of more, the most recent: AWS's limit is 1,023 characters."""
MOST_TOLD: Final = 30
"""Slots in a reason's data."""

_WORDS: Final = {
    Comparison.GREATER_OR_EQUAL: "greater than or equal to",
    Comparison.GREATER: "greater than",
    Comparison.LESS: "less than",
    Comparison.LESS_OR_EQUAL: "less than or equal to",
}
_TREATED: Final = {MissingData.BREACHING: "Breaching", MissingData.NOT_BREACHING: "NonBreaching"}


def reason(
    trigger: Trigger,
    state: AlarmState,
    real: Sequence[Slot],
    breaching: Sequence[Slot],
    *,
    filled: int,
) -> str:
    """StateReason of a metric alarm for this state, newest datapoints first.

    | real slots | missing ones made up for | DatapointsToAlarm | text                                                   |
    |------------|--------------------------|-------------------|--------------------------------------------------------|
    | none       | no                       | any               | `Insufficient Data: 1 datapoint was unknown.`          |
    | none       | yes                      | any               | `Threshold Crossed: no datapoints were received for …` |
    | some       | yes                      | any               | `Threshold Crossed: 1 datapoint […] was … and 2 missing …` |
    | some       | no                       | left out          | `Threshold Crossed: 1 datapoint […] was …`             |
    | some       | no                       | given             | `… 1 out of the last 1 datapoints […] was … (minimum …` |
    """
    missing = _missing(filled, _TREATED.get(trigger.treat_missing_data or MissingData.MISSING))
    if state is AlarmState.INSUFFICIENT_DATA:
        return f"Insufficient Data: {_counted(filled, 'datapoint')} {_was(filled)} unknown."
    if not real:
        return (
            f"Threshold Crossed: no datapoints were received for {_counted(filled, 'period')} and {missing}."
        )
    is_alarm = state is AlarmState.ALARM
    crossing = {slot.at for slot in breaching}
    calm = [slot for slot in real if slot.at not in crossing]
    # What the missing ones were taken for may outvote every datapoint there is.
    crosses = bool(breaching) if is_alarm else not calm
    cited = breaching if crosses else calm
    if filled:
        count, end = _counted(len(cited), "datapoint"), f" and {missing}." if missing else "."
    elif trigger.datapoints_to_alarm is None:
        count, end = _counted(len(cited), "datapoint"), "."
    else:
        count = f"{len(cited)} out of the last {len(real)} datapoints"
        end = f" {_minimum(trigger.datapoints_to_alarm, trigger.evaluation_periods, state)}."
    crossed = f"{_was(len(cited))} {'' if crosses else 'not '}{_WORDS[trigger.comparison]} the threshold"
    return f"Threshold Crossed: {_cite(count, cited, f'{crossed} ({trigger.threshold})')}{end}"


def _cite(count: str, cited: Sequence[Slot], crossed: str) -> str:
    """The datapoints, or the most recent of many, in CloudWatch's two forms."""
    listed = ", ".join(f"{slot.value} ({moments.in_reason(slot.at)})" for slot in cited[:MOST_CITED])
    if len(cited) <= MOST_CITED:
        return f"{count} [{listed}] {crossed}"
    return f"{count} {crossed}. The most recent datapoints which crossed the threshold: [{listed}]"


def _minimum(wanted: int, periods: int, state: AlarmState) -> str:
    if state is AlarmState.ALARM:
        return f"(minimum {_counted(wanted, 'datapoint')} for OK -> ALARM transition)"
    enough = periods - wanted + 1
    return f"(minimum {_counted(enough, 'datapoint')} for ALARM -> OK transition)"


def reason_data(trigger: Trigger, considered: Sequence[Slot], *, now: Instant) -> str:
    """StateReasonData of a metric alarm (CW-20): the slots that were considered, newest first.

    A missing one has no value. Of many slots the newest are told: AWS's limit is 4,000 characters. The unit is the
    alarm's; the start is that of the oldest datapoint, and there is none where there is no datapoint.
    """
    told = considered[:MOST_TOLD]
    data: dict[str, Any] = {"version": "1.0", "queryDate": moments.in_json(now)}
    real = [slot for slot in considered if slot.value is not None]
    if real:
        data["startDate"] = moments.in_json(real[-1].at)
    if trigger.unit is not None:
        data["unit"] = trigger.unit
    data |= {
        "statistic": trigger.statistic or trigger.extended_statistic,
        "period": trigger.period,
        "recentDatapoints": [slot.value for slot in reversed(told) if slot.value is not None],
        "threshold": trigger.threshold,
        "evaluatedDatapoints": [_datapoint(slot) for slot in told],
    }
    return json.dumps(data, separators=(",", ":"))


def _datapoint(slot: Slot) -> dict[str, object]:
    shown: dict[str, object] = {"timestamp": moments.in_json(slot.at)}
    if slot.value is not None:
        shown |= {"sampleCount": slot.sample_count, "value": slot.value}
    return shown


def _missing(filled: int, treated: str | None) -> str:
    if not filled or treated is None:
        return ""
    return f"{_counted(filled, 'missing datapoint')} {_was(filled)} treated as [{treated}]"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def composite(alarm: Alarm, state: AlarmState, child: Alarm | None) -> str:
    """StateReason of a composite alarm that goes into this state; `child` is the one that changed last.

    | the child's state changed                   | the alarm       | text                                    |
    |---------------------------------------------|-----------------|-----------------------------------------|
    | since the alarm was put and last changed    | any             | `CHILD transitioned to ALARM at …`      |
    | before, or there is no child                | never evaluated | `ALARM was created and its alarm rule …` |
    | before, or there is no child                | evaluated       | `ALARM was updated and its alarm rule …` |
    """
    before = max(alarm.configured_at, alarm.standing.updated_at)
    if child is not None and child.standing.transitioned_at > before:
        at = moments.in_words(child.standing.transitioned_at)
        return f"{child.arn} transitioned to {child.standing.state} at {at}"
    done = "created" if alarm.standing.reason == INITIAL else "updated"
    return f"{alarm.arn} was {done} and its alarm rule evaluates to {state}"


def composite_data(child: Alarm | None) -> str:
    """StateReasonData of a composite alarm: the child that changed last."""
    return json.dumps(
        {
            "triggeringAlarms": [
                {
                    "arn": each.arn,
                    "state": {
                        "value": each.standing.state,
                        "timestamp": moments.in_json(each.standing.transitioned_at),
                    },
                }
                for each in (child,)
                if each is not None
            ]
        },
        separators=(",", ":"),
    )
