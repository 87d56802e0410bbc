"""Alarms: those on the metrics of a failover's checks, and those that were made for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from stillup.plan.ownership import owns_tags
from stillup.plan.setup import Alarm

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

METRICS_REGION: Final = "us-east-1"
"""Where Route 53 publishes the metrics of its checks."""
_NAMESPACE: Final = "AWS/Route53"
_DIMENSION: Final = "HealthCheckId"


def read_alarms(
    cloudwatch: CloudWatchClient,
    region: str,
    *,
    failover: str,
    wanted: Collection[str],
    checks: Collection[str],
    existing: Collection[str],
) -> tuple[Alarm, ...]:
    """In one Region, of metric alarms:

    | name in wanted | metric of a check in checks | of one not in existing, and tagged ours | read |
    |----------------|-----------------------------|-----------------------------------------|------|
    | yes            | any                         | any                                     | yes  |
    | no             | yes                         | any                                     | yes  |
    | no             | no                          | yes                                     | yes  |
    | no             | no                          | no                                      | no   |

    `existing` are the ids of all checks of the account. Raises ClientError.
    """
    found = []
    for page in cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"]):
        for each in page.get("MetricAlarms", []):
            check = _check_of(each)
            is_left = check is not None and check not in existing
            if not (each["AlarmName"] in wanted or check in checks or is_left):
                continue
            alarm = _alarm_from(each, region, _tags(cloudwatch, each["AlarmArn"]))
            if alarm.name in wanted or check in checks or owns_tags(alarm.tags, failover):
                found.append(alarm)
    return tuple(found)


def _check_of(listed: Mapping[str, Any]) -> str | None:
    if listed.get("Namespace") != _NAMESPACE:
        return None
    return next((each["Value"] for each in listed.get("Dimensions", ()) if each["Name"] == _DIMENSION), None)


def _tags(cloudwatch: CloudWatchClient, arn: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]}


def _alarm_from(listed: Mapping[str, Any], region: str, tags: Mapping[str, str]) -> Alarm:
    """A MetricAlarm; one on an expression has no metric of its own, and empty words here."""
    return Alarm(
        name=listed["AlarmName"],
        region=region,
        namespace=listed.get("Namespace", ""),
        metric=listed.get("MetricName", ""),
        dimensions={each["Name"]: each["Value"] for each in listed.get("Dimensions", ())},
        statistic=listed.get("Statistic") or listed.get("ExtendedStatistic"),
        period=listed.get("Period", 0),
        evaluation_periods=listed["EvaluationPeriods"],
        threshold=listed.get("Threshold", 0.0),
        comparison=listed["ComparisonOperator"],
        datapoints_to_alarm=listed.get("DatapointsToAlarm"),
        treat_missing_data=listed.get("TreatMissingData"),
        alarm_actions=tuple(listed.get("AlarmActions", ())),
        ok_actions=tuple(listed.get("OKActions", ())),
        insufficient_data_actions=tuple(listed.get("InsufficientDataActions", ())),
        actions_enabled=listed.get("ActionsEnabled", True),
        description=listed.get("AlarmDescription"),
        arn=listed["AlarmArn"],
        tags=tags,
    )
