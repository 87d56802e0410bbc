"""Health checks between Route 53's shapes and the rules' values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stillup.rules.alarms.alarm import Trigger
from stillup.rules.health.check import AlarmIdentifier, HealthCheck
from stillup.rules.health.settings import Settings

_MEMBERS: Final = (
    ("IPAddress", "ip_address"),
    ("Port", "port"),
    ("ResourcePath", "resource_path"),
    ("FullyQualifiedDomainName", "fqdn"),
    ("SearchString", "search_string"),
    ("RequestInterval", "request_interval"),
    ("FailureThreshold", "failure_threshold"),
    ("MeasureLatency", "measure_latency"),
    ("Inverted", "inverted"),
    ("Disabled", "disabled"),
    ("HealthThreshold", "health_threshold"),
    ("ChildHealthChecks", "child_health_checks"),
    ("EnableSNI", "enable_sni"),
    ("Regions", "regions"),
    ("InsufficientDataHealthStatus", "insufficient_data_health_status"),
)
_MEMBERS_OF_OTHER_TYPES: Final = (("RoutingControlArn", "routing_control_arn"),)
"""Of types that the engine does not evaluate: read so that they can be refused, never answered."""


def parse_settings(members: Mapping[str, Any]) -> Settings:
    """What a HealthCheckConfig, or an UpdateHealthCheckRequest, says."""
    given = {
        setting: _frozen(members[member])
        for member, setting in (*_MEMBERS, *_MEMBERS_OF_OTHER_TYPES)
        if members.get(member) is not None
    }
    alarm = members.get("AlarmIdentifier")
    if alarm is not None:
        given["alarm_identifier"] = AlarmIdentifier(alarm["Region"], alarm["Name"])
    return Settings(**given)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def render_health_check(check: HealthCheck) -> dict[str, Any]:
    """The HealthCheck shape, as AWS fills it: with its defaults, without what does not apply to the type."""
    config = check.config
    members: dict[str, Any] = {member: getattr(config, setting) for member, setting in _MEMBERS}
    if not config.type.is_endpoint:
        del members["MeasureLatency"]
    if config.alarm_identifier is not None:
        identifier = config.alarm_identifier
        members["AlarmIdentifier"] = {"Region": identifier.region, "Name": identifier.name}
    return {
        "Id": check.id,
        "CallerReference": check.caller_reference,
        "HealthCheckConfig": {
            "Type": config.type.value,
            **{
                member: list(value) if isinstance(value, tuple) else value
                for member, value in members.items()
                if value is not None and value != ()
            },
        },
        "HealthCheckVersion": check.version,
        **({} if check.trigger is None else {"CloudWatchAlarmConfiguration": _render_trigger(check.trigger)}),
    }


def _render_trigger(trigger: Trigger) -> dict[str, Any]:
    """HC-39."""
    return {
        "EvaluationPeriods": trigger.evaluation_periods,
        "Threshold": trigger.threshold,
        "ComparisonOperator": trigger.comparison,
        "Period": trigger.period,
        "MetricName": trigger.metric.name,
        "Namespace": trigger.metric.namespace,
        "Statistic": trigger.statistic,
        "Dimensions": [{"Name": name, "Value": value} for name, value in trigger.metric.dimensions],
    }
