"""What a caller may ask of a health check, type by type: table 1.5 as data.

| setting                       | endpoint: HTTP(S) | …_STR_MATCH | TCP               | CALCULATED | CLOUDWATCH_METRIC |
|-------------------------------|-------------------|-------------|-------------------|------------|-------------------|
| IPAddress                     | yes               | yes         | yes               | no         | no                |
| Port                          | yes               | yes         | required          | no         | no                |
| ResourcePath                  | yes               | yes         | no                | no         | no                |
| FullyQualifiedDomainName      | yes ¹             | yes ¹       | without IPAddress | no         | no                |
| SearchString                  | no                | required    | no                | no         | no                |
| RequestInterval               | yes               | yes         | yes               | no         | no                |
| FailureThreshold              | yes               | yes         | yes               | no         | no                |
| MeasureLatency                | yes               | yes         | yes               | no ²       | no ²              |
| Inverted, Disabled            | yes               | yes         | yes               | yes        | yes               |
| HealthThreshold               | no                | no          | no                | required   | no                |
| ChildHealthChecks             | no                | no          | no                | yes        | no                |
| EnableSNI                     | HTTPS ²           | HTTPS ²     | no ²              | no ²       | no ²              |
| Regions                       | yes               | yes         | yes               | no         | no                |
| AlarmIdentifier               | no                | no          | no                | no         | required          |
| InsufficientDataHealthStatus  | no                | no          | no                | no         | yes               |
| RoutingControlArn             | no                | no          | no                | no         | no                |

¹ One of IPAddress and FullyQualifiedDomainName is required. ² `false` is taken everywhere: it asks for nothing,
and clients send back what they have read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from stillup.rules.health.check import AlarmIdentifier, HealthCheckConfig, HealthCheckType
from stillup.rules.ids import HealthCheckId


@dataclass(frozen=True, slots=True)
class Settings:
    """What a request says about a check, not yet validated. None: the request is silent about it."""

    ip_address: str | None = None
    port: int | None = None
    resource_path: str | None = None
    fqdn: str | None = None
    search_string: str | None = None
    request_interval: int | None = None
    failure_threshold: int | None = None
    measure_latency: bool | None = None
    inverted: bool | None = None
    disabled: bool | None = None
    health_threshold: int | None = None
    child_health_checks: tuple[HealthCheckId, ...] | None = None
    enable_sni: bool | None = None
    regions: tuple[str, ...] | None = None
    alarm_identifier: AlarmIdentifier | None = None
    insufficient_data_health_status: str | None = None
    routing_control_arn: str | None = None


class Resettable(StrEnum):
    """The elements that UpdateHealthCheck can clear (HC-20)."""

    CHILD_HEALTH_CHECKS = "ChildHealthChecks"
    FULLY_QUALIFIED_DOMAIN_NAME = "FullyQualifiedDomainName"
    REGIONS = "Regions"
    RESOURCE_PATH = "ResourcePath"


RESETS: Final = {
    Resettable.CHILD_HEALTH_CHECKS: "child_health_checks",
    Resettable.FULLY_QUALIFIED_DOMAIN_NAME: "fqdn",
    Resettable.REGIONS: "regions",
    Resettable.RESOURCE_PATH: "resource_path",
}
"""The setting that each of them is."""

_ENDPOINT: Final = frozenset(kind for kind in HealthCheckType if kind.is_endpoint)
_MATCH: Final = frozenset(kind for kind in HealthCheckType if kind.searches_body)
_TLS: Final = frozenset(kind for kind in HealthCheckType if kind.is_tls)
_TCP: Final = frozenset({HealthCheckType.TCP})
_HTTP: Final = _ENDPOINT - _TCP
_CALCULATED: Final = frozenset({HealthCheckType.CALCULATED})
_METRIC: Final = frozenset({HealthCheckType.CLOUDWATCH_METRIC})
_NONE: Final[frozenset[HealthCheckType]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Row:
    setting: str
    words: str
    """The setting in AWS's messages, article included (HC-22)."""
    allowed: frozenset[HealthCheckType]
    required: frozenset[HealthCheckType] = _NONE


_ROWS: Final = (
    _Row("ip_address", "an IP address", _ENDPOINT),
    _Row("port", "a port", _ENDPOINT, required=_TCP),
    _Row("resource_path", "a resource path", _HTTP),
    _Row("fqdn", "a fully qualified domain name", _ENDPOINT),
    _Row("search_string", "a search string", _MATCH, required=_MATCH),
    _Row("request_interval", "a request interval", _ENDPOINT),
    _Row("failure_threshold", "a failure threshold", _ENDPOINT),
    _Row("measure_latency", "latency measurement", _ENDPOINT),
    _Row("health_threshold", "a health threshold", _CALCULATED, required=_CALCULATED),
    _Row("child_health_checks", "child health checks", _CALCULATED),
    _Row("enable_sni", "SNI", _TLS),
    _Row("regions", "regions", _ENDPOINT),
    _Row("alarm_identifier", "an metric region", _METRIC, required=_METRIC),
    _Row("insufficient_data_health_status", "an insufficient data health state", _METRIC),
    _Row("routing_control_arn", "a routing control", _NONE),
)

_KIND: Final = {
    HealthCheckType.TCP: "TCP",
    HealthCheckType.CALCULATED: "Calculated",
    HealthCheckType.CLOUDWATCH_METRIC: "CloudWatch metric",
}

_AS_OBSERVED: Final = {
    "Basic health checks must not have an metric region specified.": (
        "Invalid parameter : Basic health checks must not have an metric region specified."
    ),
    "Basic health checks must not have an insufficient data health state specified.": (
        "Basic health checks must not have an insufficient data health state specified"
    ),
}
"""AWS's own texts where they leave the pattern (HC-22)."""


def misplaced(kind: HealthCheckType, settings: Settings) -> Iterator[str]:
    """A reason for each setting that this type must not have, or lacks (HC-4, HC-22)."""
    for row in _ROWS:
        value = getattr(settings, row.setting)
        if value is None:
            if kind in row.required:
                yield f"{_words_for(kind, row)} health checks must have {row.words} specified."
        elif value is not False and value != () and kind not in row.allowed:
            text = f"{_words_for(kind, row)} health checks must not have {row.words} specified."
            yield _AS_OBSERVED.get(text, text)
    if kind is HealthCheckType.TCP and settings.ip_address is not None and settings.fqdn is not None:
        yield (
            "TCP health checks that have IP address must not have a fully qualified domain name specified."
        )
    if kind.is_endpoint and settings.ip_address is None and settings.fqdn is None:
        yield "Basic health checks must have an IP address or a fully qualified domain name specified."


def _words_for(kind: HealthCheckType, row: _Row) -> str:
    """The type as AWS's messages call it: "basic" where the setting fits no endpoint type at all."""
    if kind.is_endpoint and not row.allowed & _ENDPOINT:
        return "Basic"
    return _KIND.get(kind, kind.value)


def settings_of(config: HealthCheckConfig) -> Settings:
    """The settings that would make this config again."""
    known = {field.name for field in fields(Settings)} & {field.name for field in fields(HealthCheckConfig)}
    return Settings(**{name: getattr(config, name) for name in known})
