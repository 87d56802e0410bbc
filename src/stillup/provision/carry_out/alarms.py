"""Alarms."""

from __future__ import annotations

from typing import Any

from stillup.plan.setup import Alarm
from stillup.plan.step import Action, Step
from stillup.provision.carry_out.site import Site


def carry_alarm(site: Site, step: Step) -> None:
    """Put the alarm, whole (CW-1), or delete it. Raises ClientError and ProvisionFailed."""
    if step.action is Action.DELETE:
        gone = _alarm(step.before)
        site.account.cloudwatch(gone.region).delete_alarms(AlarmNames=[gone.name])
        return
    alarm = _alarm(step.after)
    cloudwatch = site.account.cloudwatch(alarm.region)
    tags = [{"Key": key, "Value": value} for key, value in alarm.tags.items()]
    is_new = step.before is None
    members = _members(site, alarm)
    cloudwatch.put_metric_alarm(**(members | {"Tags": tags} if is_new and tags else members))
    before = {} if not isinstance(step.before, Alarm) else step.before.tags
    if not is_new and alarm.arn is not None and dict(before) != dict(alarm.tags):
        # Tags in an update are ignored (CW-1).
        cloudwatch.tag_resource(ResourceARN=alarm.arn, Tags=tags)  # type: ignore[arg-type]


def _members(site: Site, alarm: Alarm) -> dict[str, Any]:
    given = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "ActionsEnabled": alarm.actions_enabled,
        "Namespace": alarm.namespace,
        "MetricName": alarm.metric,
        "Dimensions": [
            {"Name": name, "Value": site.resolved(value)} for name, value in alarm.dimensions.items()
        ],
        "Statistic": alarm.statistic,
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints_to_alarm,
        "Threshold": alarm.threshold,
        "ComparisonOperator": alarm.comparison,
        "TreatMissingData": alarm.treat_missing_data,
        "AlarmActions": [site.resolved(each) for each in alarm.alarm_actions],
        "OKActions": [site.resolved(each) for each in alarm.ok_actions],
        "InsufficientDataActions": [site.resolved(each) for each in alarm.insufficient_data_actions],
    }
    return {name: value for name, value in given.items() if value is not None}


def _alarm(resource: object) -> Alarm:
    if not isinstance(resource, Alarm):
        raise TypeError(f"not an alarm: {resource!r}")
    return resource
