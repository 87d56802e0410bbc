"""What an alarm's history says of its configuration: made, changed, deleted."""

from __future__ import annotations

import json
from typing import Any

from stillup.rules.alarms.alarm import Alarm, HistoryItem, HistoryItemType
from stillup.rules.alarms.moments import in_json
from stillup.rules.ids import Instant


def created(alarm: Alarm) -> HistoryItem:
    """A new alarm."""
    return _item(alarm, "created", {"type": "Create", "createdAlarm": _told(alarm)}, alarm.configured_at)


def updated(before: Alarm, alarm: Alarm, *, at: Instant) -> HistoryItem:
    """An alarm configured anew, with what had been in the fields that differ."""
    now = _told(alarm)
    differing = {key: value for key, value in _told(before).items() if now.get(key) != value}
    data = {"type": "Update", "updatedAlarm": now, "originalUpdatedFields": differing}
    return _item(alarm, "updated", data, at)


def deleted(alarm: Alarm, *, at: Instant) -> HistoryItem:
    """An alarm that is gone."""
    return _item(alarm, "deleted", {"type": "Delete", "deletedAlarm": _told(alarm)}, at)


def _item(alarm: Alarm, what: str, data: dict[str, Any], at: Instant) -> HistoryItem:
    return HistoryItem(
        region=alarm.region,
        alarm_name=alarm.name,
        is_composite=alarm.rule is not None,
        at=at,
        type=HistoryItemType.CONFIGURATION_UPDATE,
        summary=_cut(f'Alarm "{alarm.name}"', f" {what}"),
        data=json.dumps({"version": "1.0", **data}, separators=(",", ":"), ensure_ascii=False),
    )


def _cut(name: str, what: str) -> str:
    """A summary has 255 characters at most, as many as a name alone may have."""
    return name[: 255 - len(what)] + what


def _told(alarm: Alarm) -> dict[str, Any]:
    """The alarm in the names that CloudWatch uses here; what is not set is not there."""
    told: dict[str, Any] = {
        "alarmName": alarm.name,
        "alarmArn": alarm.arn,
        "alarmDescription": alarm.description,
        "actionsEnabled": alarm.actions_enabled,
        "okActions": list(alarm.ok_actions),
        "alarmActions": list(alarm.alarm_actions),
        "insufficientDataActions": list(alarm.insufficient_data_actions),
        "alarmConfigurationUpdatedTimestamp": in_json(alarm.configured_at),
        "stateValue": alarm.standing.state,
        "alarmRule": alarm.rule,
    }
    if (trigger := alarm.trigger) is not None:
        told |= {
            "metricName": trigger.metric.name,
            "namespace": trigger.metric.namespace,
            "dimensions": [{"name": name, "value": value} for name, value in trigger.metric.dimensions],
            "statistic": trigger.statistic,
            "extendedStatistic": trigger.extended_statistic,
            "period": trigger.period,
            "unit": trigger.unit,
            "evaluationPeriods": trigger.evaluation_periods,
            "datapointsToAlarm": trigger.datapoints_to_alarm,
            "threshold": trigger.threshold,
            "comparisonOperator": trigger.comparison,
            "treatMissingData": trigger.treat_missing_data,
            "evaluateLowSampleCountPercentile": trigger.evaluate_low_sample_count_percentile,
        }
    return {key: value for key, value in told.items() if value is not None}
