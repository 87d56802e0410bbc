"""From what a caller asks of a check to a valid config, or every reason why not (table 1.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import ip_address
from typing import Final

from stillup.rules.health.addresses import ProbePolicy
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType, InsufficientData
from stillup.rules.health.refinements import DEFAULT_FAILURE_THRESHOLD, DEFAULT_REQUEST_INTERVAL
from stillup.rules.health.settings import Settings, misplaced
from stillup.rules.ids import HealthCheckId
from stillup.rules.names import DomainName, InvalidName
from stillup.rules.refusal import Refusal

REGIONS: Final = (
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
)
"""Where AWS's health checkers are (HC-18)."""
FEWEST_REGIONS: Final = 3
REQUEST_INTERVALS: Final = (10, 30)
"""Seconds; the documented values, not the range of the model (table 1.5)."""
MOST_CHILDREN: Final = 256
"""By the model; AWS's quota page says 255 (HC-37)."""
MOST_TEXT: Final = 255
"""Characters of ResourcePath, FullyQualifiedDomainName and SearchString."""

_RANGES: Final = (
    ("port", "Port", 1, 65535),
    ("failure_threshold", "FailureThreshold", 1, 10),
    ("health_threshold", "HealthThreshold", 0, 256),
)
_TEXTS: Final = (
    ("resource_path", "ResourcePath"),
    ("fqdn", "FullyQualifiedDomainName"),
    ("search_string", "SearchString"),
)


def kind_of(text: str) -> HealthCheckType | Refusal:
    """The type of this name, if the engine evaluates it."""
    if text == "RECOVERY_CONTROL":
        return Refusal.because(
            "InvalidInput",
            f"Invalid parameter : health checks of the type {text} are not evaluated by this engine yet.",
        )
    try:
        return HealthCheckType(text)
    except ValueError:
        return Refusal.because("InvalidInput", f"Invalid parameter : there is no health check type {text!r}.")


def configure(
    kind: HealthCheckType,
    settings: Settings,
    *,
    given: Settings,
    checks: Mapping[HealthCheckId, HealthCheck],
    policy: ProbePolicy,
) -> HealthCheckConfig | Refusal:
    """The config that these settings make, with AWS's defaults, or InvalidInput with all reasons.

    `given` are the settings that this request names. Only those are held against the rest of the world: an
    update of another setting must not fail because a child was deleted or the probe policy was tightened.
    """
    asked = _without_blanks(settings)
    reasons = (
        *misplaced(kind, asked),
        *_malformed(asked),
        *_forbidden(given, policy),
        *_impossible_children(given, checks),
    )
    if reasons:
        return Refusal("InvalidInput", reasons)
    endpoint = kind.is_endpoint
    return HealthCheckConfig(
        type=kind,
        ip_address=asked.ip_address,
        port=asked.port,
        resource_path=asked.resource_path,
        fqdn=asked.fqdn,
        search_string=asked.search_string,
        request_interval=_or(asked.request_interval, DEFAULT_REQUEST_INTERVAL) if endpoint else None,
        failure_threshold=_or(asked.failure_threshold, DEFAULT_FAILURE_THRESHOLD) if endpoint else None,
        measure_latency=asked.measure_latency is True,
        inverted=asked.inverted is True,
        disabled=asked.disabled is True,
        health_threshold=asked.health_threshold,
        # A set to AWS, which lists it in an order of its own: a child that is named twice counts once.
        child_health_checks=tuple(dict.fromkeys(asked.child_health_checks or ())),
        enable_sni=_enable_sni(kind, asked.enable_sni),
        regions=asked.regions or (),
        alarm_identifier=asked.alarm_identifier,
        insufficient_data_health_status=_insufficient_data(kind, asked.insufficient_data_health_status),
    )


def _without_blanks(settings: Settings) -> Settings:
    """An empty element says as much as none: that is how clients clear a text."""
    blanks = {setting: None for setting, _ in _TEXTS if getattr(settings, setting) == ""}
    return replace(settings, **blanks)


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


def _enable_sni(kind: HealthCheckType, asked: bool | None) -> bool | None:  # noqa: FBT001 — a setting
    """By default on for types that speak TLS, off for the others (HC-17), unknown to CALCULATED."""
    if not kind.is_endpoint:
        return None
    return kind.is_tls if asked is None else asked


def _insufficient_data(kind: HealthCheckType, asked: str | None) -> InsufficientData | None:
    if kind is not HealthCheckType.CLOUDWATCH_METRIC:
        return None
    return InsufficientData.LAST_KNOWN_STATUS if asked is None else InsufficientData(asked)


def _malformed(settings: Settings) -> Iterator[str]:
    for setting, member, low, high in _RANGES:
        number = getattr(settings, setting)
        if number is not None and not low <= number <= high:
            yield f"Invalid parameter : {member} must be from {low} to {high}, not {number}."
    for setting, member in _TEXTS:
        text = getattr(settings, setting)
        if text is not None and len(text) > MOST_TEXT:
            yield f"Invalid parameter : {member} must have at most {MOST_TEXT} characters."
    if settings.request_interval not in (None, *REQUEST_INTERVALS):
        yield f"Invalid parameter : RequestInterval must be 10 or 30, not {settings.request_interval}."
    # All three become part of a request's head: a line break in them would add lines to it.
    if settings.fqdn is not None and not _is_name(settings.fqdn):
        yield f"Invalid parameter : FullyQualifiedDomainName is not a domain name: {settings.fqdn!r}."
    path = settings.resource_path
    if path is not None and not all("!" <= character <= "~" for character in path):
        yield "Invalid parameter : ResourcePath must have visible ASCII characters only, no spaces."
    if settings.ip_address is not None and not _is_address(settings.ip_address):
        yield f"Invalid parameter : IPAddress is not an IP address: {settings.ip_address!r}."
    if settings.insufficient_data_health_status not in (None, *InsufficientData):
        yield (
            "Invalid parameter : InsufficientDataHealthStatus must be one of "
            f"{', '.join(InsufficientData)}, not {settings.insufficient_data_health_status!r}."
        )
    yield from _malformed_lists(settings)


def _malformed_lists(settings: Settings) -> Iterator[str]:
    """HC-18, HC-37."""
    regions = settings.regions or ()
    for region in regions:
        if region not in REGIONS:
            yield f"Invalid parameter : there are no health checkers in the region {region!r}."
    if regions and len(set(regions)) < FEWEST_REGIONS:
        yield f"Invalid parameter : Regions must name at least {FEWEST_REGIONS} different regions."
    if len(settings.child_health_checks or ()) > MOST_CHILDREN:
        yield f"Invalid parameter : ChildHealthChecks must name at most {MOST_CHILDREN} health checks."


def _forbidden(given: Settings, policy: ProbePolicy) -> Iterator[str]:
    """HC-13."""
    address = given.ip_address
    if address is not None and _is_address(address) and not policy.permits(address):
        yield f"Invalid parameter : IP address {address} is forbidden"


def _impossible_children(given: Settings, checks: Mapping[HealthCheckId, HealthCheck]) -> Iterator[str]:
    """Children exist, and are not CALCULATED themselves (HC-36)."""
    for child_id in given.child_health_checks or ():
        child = checks.get(child_id)
        if child is None:
            yield f"Invalid parameter : the child health check {child_id} does not exist."
        elif child.config.type is HealthCheckType.CALCULATED:
            yield f"Invalid parameter : the child health check {child_id} is a calculated one itself."


def _is_name(text: str) -> bool:
    try:
        return bool(DomainName.from_text(text).labels)
    except InvalidName:
        return False


def _is_address(text: str) -> bool:
    """Without a zone (RFC 4007 §11), which may be any text and names an interface of one machine only."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text
