"""Attributes of resources in one spelling, so that what means the same compares equal.

| attribute        | means the same                                                          | source   |
|------------------|-------------------------------------------------------------------------|----------|
| ResourcePath     | none, `/`                                                               | HC-9     |
| Port             | none, the type's own                                                    | 1.5      |
| EnableSNI        | none, the type's default                                                | HC-17    |
| Regions          | none, all eight, any order                                              | HC-18    |
| values           | any order, any spelling of an address or a name                         | NM-1     |
| alias's zone id  | any of those that are published for an S3 website endpoint              | 3.1      |
| datapoints       | none, as many as evaluation periods                                     | CW-5     |
| missing data     | none, `missing`                                                         | CW-5     |
| bucket policy    | any order and layout, with any Sid                                      |          |
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any, Final

from stillup.plan.setup import Alarm, CheckConfig, PublicAccessBlock, Record, StoredObject, Website
from stillup.plan.step import Difference
from stillup.rules.health.check import HTTP_PORT, HTTPS_PORT
from stillup.rules.health.configure import REGIONS
from stillup.rules.health.refinements import DEFAULT_FAILURE_THRESHOLD, DEFAULT_REQUEST_INTERVAL
from stillup.rules.zones.s3_endpoints import ENDPOINT_ZONE_IDS

Attributes = Mapping[str, object]
"""By AWS's name. None, empty and absent are the same."""

PROBED_BY: Final = "probed by"
"""`address` or `name`: an IPAddress can be changed, but not added or removed (table 1.5)."""
FIXED: Final = ("Type", "RequestInterval", "MeasureLatency", PROBED_BY, "RoutingControlArn")
"""Of a check: what cannot be changed (HC-2)."""

_ZONE_IDS: Final = {id_: ids[0] for ids in ENDPOINT_ZONE_IDS.values() for id_ in ids}


def compare(before: Attributes, after: Attributes) -> tuple[Difference, ...]:
    """The attributes that differ, in the order of `after`."""
    names = dict.fromkeys((*after, *before))
    pairs = ((name, _shown(before.get(name)), _shown(after.get(name))) for name in names)
    return tuple(Difference(name, old, new) for name, old, new in pairs if old != new)


def check_attributes(config: CheckConfig) -> Attributes:
    """Everything about a check but its tags."""
    is_tls = config.type.startswith("HTTPS")
    probes = config.type.startswith(("HTTP", "TCP"))
    return {
        "Type": config.type,
        "IPAddress": _address(config.ip_address),
        "Port": config.port or ((HTTPS_PORT if is_tls else HTTP_PORT) if probes else None),
        "ResourcePath": None if config.resource_path == "/" else config.resource_path,
        "FullyQualifiedDomainName": _name(config.fqdn),
        "SearchString": config.search_string,
        "RequestInterval": (config.request_interval or DEFAULT_REQUEST_INTERVAL) if probes else None,
        "FailureThreshold": (config.failure_threshold or DEFAULT_FAILURE_THRESHOLD) if probes else None,
        "MeasureLatency": config.measure_latency or None,
        "Inverted": config.inverted or None,
        "Disabled": config.disabled or None,
        "HealthThreshold": config.health_threshold,
        "ChildHealthChecks": frozenset(config.child_health_checks),
        "EnableSNI": (config.enable_sni is not False) if is_tls else None,
        "Regions": frozenset() if set(config.regions) == set(REGIONS) else frozenset(config.regions),
        "AlarmIdentifier": f"{config.alarm_region}/{config.alarm_name}" if config.alarm_name else None,
        "InsufficientDataHealthStatus": config.insufficient_data_health_status,
        "RoutingControlArn": config.routing_control_arn,
        PROBED_BY: ("name" if config.ip_address is None else "address") if probes else None,
    }


def tag_attributes(tags: Mapping[str, str], names: Iterable[str]) -> Attributes:
    """The tags of these names."""
    return {f"tag {name}": tags.get(name) for name in names}


def record_attributes(record: Record) -> Attributes:
    """Everything about a record but its name, type and set identifier; `check` must be an id or a reference."""
    alias = record.alias
    return {
        "Failover": record.failover,
        **dict(record.other_routing),
        "TTL": record.ttl,
        "ResourceRecords": frozenset(_value(record.type, each) for each in record.values),
        "AliasTarget.HostedZoneId": alias and _ZONE_IDS.get(alias.zone_id, alias.zone_id),  # type: ignore[call-overload]
        "AliasTarget.DNSName": alias and _alias_name(record.name, alias.dns_name),
        "AliasTarget.EvaluateTargetHealth": alias and alias.evaluate_target_health,
        "HealthCheckId": record.check,
    }


def _alias_name(name: str, target: str) -> str:
    """Without the bucket, where that has the record's name: S3's website endpoint goes by the Host header (AL-7)."""
    plain = target.lower().removesuffix(".")
    bare = plain.removeprefix(f"{name}.")
    return bare if bare.startswith("s3-website") else plain


def block_attributes(block: PublicAccessBlock | None) -> Attributes:
    """Block Public Access; nothing configured is all off (S3-8)."""
    switches = block or PublicAccessBlock(
        block_public_acls=False,
        ignore_public_acls=False,
        block_public_policy=False,
        restrict_public_buckets=False,
    )
    return {
        "BlockPublicAcls": switches.block_public_acls,
        "IgnorePublicAcls": switches.ignore_public_acls,
        "BlockPublicPolicy": switches.block_public_policy,
        "RestrictPublicBuckets": switches.restrict_public_buckets,
    }


def policy_attributes(policy: str | None) -> Attributes:
    """A bucket policy in one layout."""
    return {"Policy": None if policy is None else _one_layout(policy)}


def website_attributes(website: Website | None) -> Attributes:
    """A website configuration."""
    site = website or Website()
    return {
        "IndexDocument": site.index,
        "ErrorDocument": site.error,
        "RedirectAllRequestsTo": site.redirect_all_to,
    }


def object_attributes(stored: StoredObject, *, whole: bool) -> Attributes:
    """An object: all of it, or its octets alone."""
    octets = {"MD5": stored.digest}
    return (
        octets | {"Content-Type": stored.content_type, "Cache-Control": stored.cache_control}
        if whole
        else octets
    )


def alarm_attributes(alarm: Alarm) -> Attributes:
    """What makes an alarm go off, and what it then does."""
    return {
        "Namespace": alarm.namespace,
        "MetricName": alarm.metric,
        "Dimensions": frozenset(f"{name}={value}" for name, value in alarm.dimensions.items()),
        "Statistic": alarm.statistic,
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints_to_alarm or alarm.evaluation_periods,
        "Threshold": float(alarm.threshold),
        "ComparisonOperator": alarm.comparison,
        "TreatMissingData": alarm.treat_missing_data or "missing",
        "AlarmActions": frozenset(alarm.alarm_actions),
        "OKActions": frozenset(alarm.ok_actions),
        "InsufficientDataActions": frozenset(alarm.insufficient_data_actions),
        "ActionsEnabled": alarm.actions_enabled,
    }


def _shown(value: object) -> str | None:
    match value:
        case None | "":
            return None
        case bool():
            return "true" if value else "false"
        case frozenset():
            return ", ".join(sorted(map(str, value))) or None
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _name(text: str | None) -> str | None:
    return None if text is None else text.lower().removesuffix(".")


def _address(text: str | None) -> str | None:
    try:
        return None if text is None else str(ip_address(text))
    except ValueError:
        return text


def _value(type_: str, text: str) -> str | None:
    if type_ in ("A", "AAAA"):
        return _address(text)
    return _name(text) if type_ == "CNAME" else text


def _one_layout(policy: str) -> str:
    try:
        document = json.loads(policy)
    except ValueError:
        return policy
    if not isinstance(document, dict):
        return policy
    statements = [_statement(each) for each in _listed(document.get("Statement")) if isinstance(each, dict)]
    return json.dumps(sorted(statements, key=lambda each: json.dumps(each, sort_keys=True)), sort_keys=True)


def _statement(statement: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in statement.items() if key not in ("Sid", "Principal")}
    for key in ("Action", "Resource"):
        if key in plain:
            plain[key] = sorted(map(str, _listed(plain[key])))
    principal = statement.get("Principal")
    return plain | {"Principal": "*" if principal in ({"AWS": "*"}, {"AWS": ["*"]}) else principal}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
