"""Health checks between Route 53's shapes and the rules' values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stillup.rules.health.check import HealthCheck
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
)
_MEMBERS_OF_OTHER_TYPES: Final = (
    ("InsufficientDataHealthStatus", "insufficient_data_status"),
    ("RoutingControlArn", "routing_control_arn"),
)
"""Of types that the engine does not evaluate: read so that they can be refused, never answered."""


def parse_settings(members: Mapping[str, Any]) -> Settings:
    """What a HealthCheckConfig, or an UpdateHealthCheckRequest, says."""
    given = {
        setting: _frozen(members[member])
        for member, setting in (*_MEMBERS, *_MEMBERS_OF_OTHER_TYPES)
        if members.get(member) is not None
    }
    alarm = members.get("AlarmIdentifier")
    return Settings(**given, alarm_region=None if alarm is None else alarm.get("Region", ""))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def render_health_check(check: HealthCheck) -> dict[str, Any]:
    """The HealthCheck shape, as AWS fills it: with its defaults, without what does not apply to the type."""
    config = check.config
    members = {member: getattr(config, setting) for member, setting in _MEMBERS}
    if not config.type.is_endpoint:
        del members["MeasureLatency"]
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
    }
