"""Alarms: those on the metrics of a failover's checks, and those that were made for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from stillup.plan.ownership import owns_tags
from stillup.plan.setup import Alarm

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

_NAMESPACE: Final = "AWS/Route53"
_DIMENSION: Final = "HealthCheckId"


Listed = Mapping[str, Any]
"""A MetricAlarm as CloudWatch lists it."""


def list_alarms(cloudwatch: CloudWatchClient) -> list[Listed]:
    """Every metric alarm of the Region. Raises ClientError."""
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    return [each for page in pages for each in page.get("MetricAlarms", [])]


def callers(listed: Iterable[Listed]) -> dict[str, tuple[str, ...]]:
    """By ARN of an action, the names of the alarms that have it."""
    found: dict[str, list[str]] = {}
    for each in listed:
        for kind in ("AlarmActions", "OKActions", "InsufficientDataActions"):
            for arn in each.get(kind, ()):
                found.setdefault(arn, []).append(each["AlarmName"])
    return {arn: tuple(dict.fromkeys(names)) for arn, names in found.items()}


def alarms_of(
    listed: Iterable[Listed],
    cloudwatch: CloudWatchClient,
    region: str,
    *,
    failover: str,
    wanted: Collection[str],
    checks: Collection[str],
    existing: Collection[str],
) -> tuple[Alarm, ...]:
    """Those of the Region's alarms that belong to the failover, with their tags:

    | name in wanted | metric of a check in checks | of one not in existing, and tagged ours | read |
    |----------------|-----------------------------|-----------------------------------------|------|
    | yes            | any                         | any                                     | yes  |
    | no             | yes                         | any                                     | yes  |
    | no             | no                          | yes                                     | yes  |
    | no             | no                          | no                                      | no   |

    `existing` are the ids of all checks of the account. Raises ClientError.
    """
    found = []
    for each in listed:
        check = _check_of(each)
        is_left = check is not None and check not in existing
        if not (each["AlarmName"] in wanted or check in checks or is_left):
            continue
        alarm = _alarm_from(each, region, _tags(cloudwatch, each["AlarmArn"]))
        if alarm.name in wanted or check in checks or owns_tags(alarm.tags, failover):
            found.append(alarm)
    return tuple(found)


def _check_of(listed: Listed) -> str | None:
    if listed.get("Namespace") != _NAMESPACE:
        return None
    return next((each["Value"] for each in listed.get("Dimensions", ()) if each["Name"] == _DIMENSION), None)


def _tags(cloudwatch: CloudWatchClient, arn: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]}


def _alarm_from(listed: Listed, region: str, tags: Mapping[str, str]) -> Alarm:
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
