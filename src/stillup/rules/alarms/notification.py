"""What an alarm tells its topics: subject, JSON, and the text of mails (CW-21)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from stillup.rules.alarms import moments
from stillup.rules.alarms.alarm import Alarm, Standing, Trigger
from stillup.rules.metrics.metric import Statistic
from stillup.rules.regions import display_name

LONGEST_SUBJECT: Final = 99
"""Characters (SN-5)."""

_STATISTICS: Final = {
    Statistic.SAMPLE_COUNT: "SAMPLE_COUNT",
    Statistic.AVERAGE: "AVERAGE",
    Statistic.SUM: "SUM",
    Statistic.MINIMUM: "MINIMUM",
    Statistic.MAXIMUM: "MAXIMUM",
}
_SPACES: Final = " " * 20
"""Between the label and the value of TreatMissingData: CloudWatch sends both, so (CW-21)."""


def subject(alarm: Alarm, standing: Standing) -> str:
    """`ALARM: "NAME" in US East (N. Virginia)`; a long name is cut so that all of it is under 100 characters.

    A subject has no control characters (SN-5): each one in the name becomes a space.
    """
    before, after = f'{standing.state}: "', f'" in {display_name(alarm.region)}'
    name = "".join(char if char.isprintable() else " " for char in alarm.name)
    room = LONGEST_SUBJECT - len(before) - len(after)
    if len(name) > room:
        name = f"{name[: room - 3]}..."
    return f"{before}{name}{after}"


def message(alarm: Alarm, standing: Standing, *, account_id: str, triggering: Sequence[Alarm] = ()) -> str:
    """The JSON that subscribers get when the alarm goes into this state, as CloudWatch orders it.

    `triggering` are the alarms that made a composite one change.
    """
    told: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": account_id,
        "AlarmConfigurationUpdatedTimestamp": moments.in_json(alarm.configured_at),
        "NewStateValue": standing.state,
        "NewStateReason": standing.reason,
        "StateChangeTime": moments.in_json(standing.updated_at),
        "Region": display_name(alarm.region),
        "AlarmArn": alarm.arn,
        "OldStateValue": alarm.standing.state,
        "OKActions": list(alarm.ok_actions),
        "AlarmActions": list(alarm.alarm_actions),
        "InsufficientDataActions": list(alarm.insufficient_data_actions),
    }
    if alarm.trigger is not None:
        told["Trigger"] = _trigger(alarm.trigger)
    else:
        told["AlarmRule"] = alarm.rule
        told["TriggeringChildren"] = [
            {
                "Arn": child.arn,
                "State": {
                    "Value": child.standing.state,
                    "Timestamp": moments.in_json(child.standing.transitioned_at),
                },
            }
            for child in triggering
        ]
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def _trigger(trigger: Trigger) -> dict[str, Any]:
    treatment = trigger.treat_missing_data
    if trigger.statistic is not None:
        statistic = {"StatisticType": "Statistic", "Statistic": _STATISTICS[trigger.statistic]}
    else:
        statistic = {
            "StatisticType": "ExtendedStatistic",
            "ExtendedStatistic": trigger.extended_statistic or "",
        }
    wanted = trigger.datapoints_to_alarm
    return {
        "MetricName": trigger.metric.name,
        "Namespace": trigger.metric.namespace,
        **statistic,
        "Unit": trigger.unit,
        "Dimensions": [{"value": value, "name": name} for name, value in trigger.metric.dimensions],
        "Period": trigger.period,
        "EvaluationPeriods": trigger.evaluation_periods,
        **({} if wanted is None else {"DatapointsToAlarm": wanted}),
        "ComparisonOperator": trigger.comparison,
        "Threshold": trigger.threshold,
        "TreatMissingData": "" if treatment is None else f"- TreatMissingData:{_SPACES}{treatment}",
        "EvaluateLowSampleCountPercentile": trigger.evaluate_low_sample_count_percentile or "",
    }


def mail_text(alarm: Alarm, standing: Standing, *, account_id: str) -> str:
    """The same for people who read it in a mail."""
    where = display_name(alarm.region)
    lines = [
        (
            f'The alarm "{alarm.name}" in {where} is now in the state {standing.state}'
            f" (it was {alarm.standing.state})."
        ),
        "",
        standing.reason,
        "",
        f"When:        {moments.in_words(standing.updated_at)}",
        *([f"Description: {alarm.description}"] if alarm.description else []),
        *_watched(alarm),
        f"Alarm:       {alarm.arn}",
        f"Account:     {account_id}",
    ]
    return "\n".join(lines) + "\n"


def _watched(alarm: Alarm) -> list[str]:
    if alarm.trigger is None:
        return [f"Rule:        {alarm.rule}"]
    trigger = alarm.trigger
    dimensions = "".join(f", {name} {value}" for name, value in trigger.metric.dimensions)
    wanted = trigger.datapoints_to_alarm or trigger.evaluation_periods
    return [
        f"Metric:      {trigger.metric.namespace} {trigger.metric.name}{dimensions}",
        (
            f"Goes off:    {trigger.statistic or trigger.extended_statistic} {trigger.comparison}"
            f" {trigger.threshold}, {wanted} of {trigger.evaluation_periods} periods of {trigger.period} s"
        ),
    ]
