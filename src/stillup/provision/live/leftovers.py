"""Health checks that outlived their records, and alarms that outlived their checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillup.lint.live import LeftAlarm, LeftCheck
from stillup.plan.ownership import owns_check, owns_tags
from stillup.plan.setup import METRICS_REGION, Check
from stillup.provision.live.question import Question
from stillup.provision.read.checks import read_all_checks

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client


def read_left_checks(question: Question) -> tuple[LeftCheck, ...]:
    """Checks that were made for the failover, or probe its primary, and that no record, check or plan names.

    Records of other zones are read only where there is such a check. Raises ClientError.
    """
    route53 = question.account.route53
    every = read_all_checks(route53)
    wanted = {each.id for each in question.setup.checks.values()} | {
        each.check for each in (question.actual or question.setup).records
    }
    children = {child for each in every.values() if each.config for child in each.config.child_health_checks}
    loose = {
        key: each for key, each in every.items() if key not in wanted | children and _is_about(each, question)
    }
    if loose:
        named = _named_anywhere(route53)
        loose = {key: each for key, each in loose.items() if key not in named}
    return tuple(LeftCheck(key, each.tags.get("Name"), _target(each)) for key, each in loose.items())


def read_left_alarms(question: Question) -> tuple[LeftAlarm, ...]:
    """Alarms on checks that do not exist, as far as they concern the failover. Raises ClientError.

    | tagged as the failover's | calls one of its topics | the failover has an alarm | concerns it |
    |--------------------------|-------------------------|---------------------------|-------------|
    | yes                      | any                     | any                       | yes         |
    | no                       | yes                     | any                       | yes         |
    | no                       | no                      | no                        | yes         |
    | no                       | no                      | yes                       | no          |
    """
    held = question.actual or question.setup
    every = read_all_checks(question.account.route53)
    topics = {each.arn for each in held.topics}
    cloudwatch = question.account.cloudwatch(METRICS_REGION)
    found = []
    for page in cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"]):
        for alarm in page.get("MetricAlarms", []):
            dimensions = {each["Name"]: each["Value"] for each in alarm.get("Dimensions", [])}
            check = dimensions.get("HealthCheckId")
            if alarm.get("Namespace") != "AWS/Route53" or check is None or check in every:
                continue
            actions = {*alarm.get("AlarmActions", []), *alarm.get("OKActions", [])}
            if not held.alarms or actions & topics or _is_tagged(question, alarm["AlarmArn"]):
                found.append(LeftAlarm(alarm["AlarmName"], METRICS_REGION, check))
    return tuple(found)


def _is_tagged(question: Question, arn: str) -> bool:
    listed = question.account.cloudwatch(METRICS_REGION).list_tags_for_resource(ResourceARN=arn)["Tags"]
    return owns_tags({tag["Key"]: tag["Value"] for tag in listed}, question.setup.name)


def _is_about(check: Check, question: Question) -> bool:
    if owns_check(check, question.setup.name):
        return True
    config = check.config
    if config is None:
        return False
    return config.ip_address in question.addresses("PRIMARY") or config.fqdn == question.setup.name


def _named_anywhere(route53: Route53Client) -> set[str]:
    zones = [
        zone["Id"]
        for page in route53.get_paginator("list_hosted_zones").paginate()
        for zone in page["HostedZones"]
    ]
    return {
        record["HealthCheckId"]
        for zone in zones
        for page in route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
        for record in page["ResourceRecordSets"]
        if "HealthCheckId" in record
    }


def _target(check: Check) -> str:
    config = check.config
    if config is None:
        return "an unknown target"
    return config.ip_address or config.fqdn or f"a {config.type}"
