"""A health check as a value (table 1.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from stillup.rules.alarms.alarm import Trigger
from stillup.rules.ids import HealthCheckId

HTTP_PORT: Final = 80
HTTPS_PORT: Final = 443


class HealthCheckType(StrEnum):
    """The types that this engine evaluates (1.1)."""

    HTTP = "HTTP"
    HTTPS = "HTTPS"
    HTTP_STR_MATCH = "HTTP_STR_MATCH"
    HTTPS_STR_MATCH = "HTTPS_STR_MATCH"
    TCP = "TCP"
    CALCULATED = "CALCULATED"
    CLOUDWATCH_METRIC = "CLOUDWATCH_METRIC"

    @property
    def is_endpoint(self) -> bool:
        """Whether checks of this type probe something ("basic" in AWS's messages)."""
        return self not in (HealthCheckType.CALCULATED, HealthCheckType.CLOUDWATCH_METRIC)

    @property
    def is_tls(self) -> bool:
        """Whether the probe speaks TLS."""
        return self in (HealthCheckType.HTTPS, HealthCheckType.HTTPS_STR_MATCH)

    @property
    def own_port(self) -> int:
        """The port of the protocol, which is probed where none is given (table 1.5)."""
        return HTTPS_PORT if self.is_tls else HTTP_PORT

    @property
    def searches_body(self) -> bool:
        """Whether the body must contain SearchString."""
        return self in (HealthCheckType.HTTP_STR_MATCH, HealthCheckType.HTTPS_STR_MATCH)


class Status(StrEnum):
    """What a health check says; also what one vantage holds (its verdict)."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"

    @property
    def opposite(self) -> Status:
        """The other one."""
        return Status.UNHEALTHY if self is Status.HEALTHY else Status.HEALTHY


class InsufficientData(StrEnum):
    """What a CLOUDWATCH_METRIC check says while there is too little data (HC-41)."""

    HEALTHY = "Healthy"
    UNHEALTHY = "Unhealthy"
    LAST_KNOWN_STATUS = "LastKnownStatus"


@dataclass(frozen=True, slots=True)
class AlarmIdentifier:
    """The alarm whose settings a CLOUDWATCH_METRIC check copies (HC-38)."""

    region: str
    name: str


@dataclass(frozen=True, slots=True)
class HealthCheckConfig:
    """`HealthCheckConfig` of the Route 53 model, validated, with AWS's defaults filled in.

    Fields that do not apply to the type are None or empty (HC-22).
    """

    type: HealthCheckType
    ip_address: str | None = None
    port: int | None = None
    resource_path: str | None = None
    fqdn: str | None = None
    search_string: str | None = None
    request_interval: int | None = None
    failure_threshold: int | None = None
    measure_latency: bool = False
    inverted: bool = False
    disabled: bool = False
    health_threshold: int | None = None
    child_health_checks: tuple[HealthCheckId, ...] = ()
    enable_sni: bool | None = None
    regions: tuple[str, ...] = ()
    """Empty means that the caller named none: every vantage takes part."""
    alarm_identifier: AlarmIdentifier | None = None
    insufficient_data_health_status: InsufficientData | None = None

    @property
    def probed_port(self) -> int:
        """The port given, or the type's own."""
        return self.type.own_port if self.port is None else self.port


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A health check. Its `stillup:` tags, parsed, refine how it is evaluated (docs: tags)."""

    id: HealthCheckId
    caller_reference: str
    config: HealthCheckConfig
    version: int = 1
    tags: Mapping[str, str] = field(default_factory=dict)
    trigger: Trigger | None = None
    """For CLOUDWATCH_METRIC: the alarm's settings as they were at the last create or update (HC-39)."""
    latch_generation: int = 0
    """Counts how often `stillup:latch` was set or deleted: each one releases the latch."""
