"""Alarms and metrics as members of CloudWatch's shapes, and back. What is not set is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from stillup.engine.api.call import ApiPorts, Call
from stillup.rules.alarms.alarm import Alarm, Trigger
from stillup.rules.alarms.configure import AlarmSettings, Place
from stillup.rules.alarms.configure_metric import TriggerSettings
from stillup.rules.ids import Instant
from stillup.rules.metrics.metric import Metric
from stillup.wire.aws.messages import AwsError


def place_of(ports: ApiPorts, call: Call) -> Place:
    """Where the call goes to."""
    return Place(call.region, ports.settings.account_id)


def raise_if_given(call: Call, *names: str) -> None:
    """Raise AwsError ValidationError if the call has one of these members, which this engine would not heed."""
    for name in names:
        if name in call.parameters:
            raise AwsError("ValidationError", f"The parameter {name} is not supported by this engine.")


def instant(moment: datetime) -> Instant:
    """A timestamp as seconds since the epoch."""
    return moment.timestamp()


def dimensions_in(asked: Sequence[Mapping[str, str]] | None) -> tuple[tuple[str, str], ...]:
    """Name and value of each, sorted by name."""
    return tuple(sorted((each["Name"], each["Value"]) for each in asked or ()))


def tags_in(asked: Sequence[Mapping[str, str]] | None) -> tuple[tuple[str, str], ...]:
    """Key and value of each."""
    return tuple((each["Key"], each["Value"]) for each in asked or ())


def settings_in(parameters: Mapping[str, Any]) -> AlarmSettings:
    """What the call wants of an alarm of either kind."""
    return AlarmSettings(
        name=parameters["AlarmName"],
        description=parameters.get("AlarmDescription"),
        actions_enabled=parameters.get("ActionsEnabled", True),
        ok_actions=tuple(parameters.get("OKActions") or ()),
        alarm_actions=tuple(parameters.get("AlarmActions") or ()),
        insufficient_data_actions=tuple(parameters.get("InsufficientDataActions") or ()),
        tags=tags_in(parameters.get("Tags")),
    )


def trigger_in(parameters: Mapping[str, Any]) -> TriggerSettings:
    """What the call wants of a metric alarm."""
    return TriggerSettings(
        namespace=parameters.get("Namespace"),
        metric_name=parameters.get("MetricName"),
        dimensions=dimensions_in(parameters.get("Dimensions")),
        period=parameters.get("Period"),
        evaluation_periods=parameters.get("EvaluationPeriods"),
        threshold=parameters.get("Threshold"),
        comparison=parameters.get("ComparisonOperator"),
        statistic=parameters.get("Statistic"),
        extended_statistic=parameters.get("ExtendedStatistic"),
        unit=parameters.get("Unit"),
        datapoints_to_alarm=parameters.get("DatapointsToAlarm"),
        treat_missing_data=parameters.get("TreatMissingData"),
        evaluate_low_sample_count_percentile=parameters.get("EvaluateLowSampleCountPercentile"),
    )


def render_alarm(alarm: Alarm) -> dict[str, Any]:
    """A MetricAlarm or a CompositeAlarm."""
    members: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.arn,
        "AlarmDescription": alarm.description,
        "AlarmConfigurationUpdatedTimestamp": alarm.configured_at,
        "ActionsEnabled": alarm.actions_enabled,
        "OKActions": list(alarm.ok_actions),
        "AlarmActions": list(alarm.alarm_actions),
        "InsufficientDataActions": list(alarm.insufficient_data_actions),
        "StateValue": alarm.standing.state.value,
        "StateReason": alarm.standing.reason,
        "StateReasonData": alarm.standing.reason_data,
        "StateUpdatedTimestamp": alarm.standing.updated_at,
        "StateTransitionedTimestamp": alarm.standing.transitioned_at,
        "AlarmRule": alarm.rule,
    }
    if alarm.trigger is not None:
        members |= _render_trigger(alarm.trigger)
    return _set_ones(members)


def render_metric(metric: Metric) -> dict[str, Any]:
    """A Metric."""
    return {
        "Namespace": metric.namespace,
        "MetricName": metric.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
    }


def _render_trigger(trigger: Trigger) -> dict[str, Any]:
    return {
        **render_metric(trigger.metric),
        "Statistic": trigger.statistic and trigger.statistic.value,
        "ExtendedStatistic": trigger.extended_statistic,
        "Period": trigger.period,
        "Unit": trigger.unit,
        "EvaluationPeriods": trigger.evaluation_periods,
        "DatapointsToAlarm": trigger.datapoints_to_alarm,
        "Threshold": trigger.threshold,
        "ComparisonOperator": trigger.comparison.value,
        "TreatMissingData": trigger.treat_missing_data and trigger.treat_missing_data.value,
        "EvaluateLowSampleCountPercentile": trigger.evaluate_low_sample_count_percentile,
    }


def _set_ones(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
