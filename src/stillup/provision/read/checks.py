"""Health checks: those that belong to a failover, and what AWS knows of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from stillup.plan.ownership import owns_check
from stillup.plan.setup import Check, CheckConfig

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

TAGGED_AT_ONCE: Final = 10
"""ListTagsForResources takes no more ids."""


def read_all_checks(route53: Route53Client) -> dict[str, Check]:
    """Every health check of the account with its tags, by id. Raises ClientError."""
    listed = [
        each
        for page in route53.get_paginator("list_health_checks").paginate()
        for each in page["HealthChecks"]
    ]
    tags = _tags(route53, [each["Id"] for each in listed])
    return {each["Id"]: check_from(each, tags.get(each["Id"], {})) for each in listed}


def checks_of(name: str, every: Mapping[str, Check], named: Iterable[str]) -> dict[str, Check]:
    """Those that are named, those that are the failover's own, and the children of either, by id."""
    found: dict[str, Check] = {}
    waiting = [*named, *(each.key for each in every.values() if owns_check(each, name))]
    while waiting:
        check = every.get(waiting.pop(0))
        if check is not None and check.key not in found:
            found[check.key] = check
            waiting += check.config.child_health_checks if check.config is not None else ()
    return found


def check_from(listed: Mapping[str, Any], tags: Mapping[str, str]) -> Check:
    """A HealthCheck as a Check whose key is its id."""
    return Check(
        key=listed["Id"],
        config=config_from(listed["HealthCheckConfig"]),
        id=listed["Id"],
        caller_reference=listed.get("CallerReference"),
        tags=tags,
    )


def config_from(listed: Mapping[str, Any]) -> CheckConfig:
    """A HealthCheckConfig, field by field (table 1.5)."""
    alarm = listed.get("AlarmIdentifier", {})
    return CheckConfig(
        type=listed["Type"],
        ip_address=listed.get("IPAddress"),
        port=listed.get("Port"),
        resource_path=listed.get("ResourcePath") or None,
        fqdn=listed.get("FullyQualifiedDomainName") or None,
        search_string=listed.get("SearchString") or None,
        request_interval=listed.get("RequestInterval"),
        failure_threshold=listed.get("FailureThreshold"),
        measure_latency=bool(listed.get("MeasureLatency", False)),
        inverted=bool(listed.get("Inverted", False)),
        disabled=bool(listed.get("Disabled", False)),
        health_threshold=listed.get("HealthThreshold"),
        child_health_checks=tuple(listed.get("ChildHealthChecks", ())),
        enable_sni=listed.get("EnableSNI"),
        regions=tuple(listed.get("Regions", ())),
        alarm_region=alarm.get("Region"),
        alarm_name=alarm.get("Name"),
        insufficient_data_health_status=listed.get("InsufficientDataHealthStatus"),
        routing_control_arn=listed.get("RoutingControlArn"),
    )


def _tags(route53: Route53Client, ids: list[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(ids), TAGGED_AT_ONCE):
        answer = route53.list_tags_for_resources(
            ResourceType="healthcheck", ResourceIds=ids[start : start + TAGGED_AT_ONCE]
        )
        for each in answer["ResourceTagSets"]:
            found[each["ResourceId"]] = {tag["Key"]: tag["Value"] for tag in each.get("Tags", [])}
    return found
