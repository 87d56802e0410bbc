"""What several rules ask of a set-up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from stillup.lint.subject import Subject
from stillup.plan.references import reference
from stillup.plan.setup import Alarm, AliasTarget, Check, CheckConfig, Record, Setup
from stillup.rules.durations import parse_duration
from stillup.rules.health.refinements import DEFAULT_REQUEST_INTERVAL
from stillup.rules.names import DomainName, InvalidName
from stillup.rules.zones.s3_endpoints import WebsiteEndpoint, website_endpoint

CLOUDFRONT_ZONE_ID: Final = "Z2FDTNDATAQYW2"
"""AL-8."""
METRICS_REGION: Final = "us-east-1"
"""Where Route 53 publishes the metrics of health checks (1.12)."""
AWS_DOMAINS: Final = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".aws",
    ".awsapprunner.com",
    ".awsglobalaccelerator.com",
    ".cloudfront.net",
    ".elasticbeanstalk.com",
)
"""Where the resources are that an alias may lead to, besides records of its own zone."""
INTERVAL_TAG: Final = "stillup:interval"
STATUS_METRIC: Final = "HealthCheckStatus"


def primaries(setup: Setup) -> tuple[Record, ...]:
    """Its PRIMARY records."""
    return tuple(record for record in setup.records if record.failover == "PRIMARY")


def secondaries(setup: Setup) -> tuple[Record, ...]:
    """Its SECONDARY records."""
    return tuple(record for record in setup.records if record.failover == "SECONDARY")


def side(record: Record) -> str:
    """The part of the plan file that a failover record comes from."""
    return "primary" if record.failover == "PRIMARY" else "standby"


def target_names(record: Record) -> tuple[str, ...]:
    """The names that a record leads to: its alias target, or what its CNAME says."""
    if record.alias is not None:
        return (record.alias.dns_name,)
    return tuple(value.lower().removesuffix(".") for value in record.values) if record.type == "CNAME" else ()


def primary_hosts(setup: Setup) -> frozenset[str]:
    """What fails with the primary: the failover's name, the primary's addresses and names."""
    return frozenset(
        (
            setup.name,
            *(host for record in primaries(setup) for host in (*target_names(record), *record.values)),
        )
    )


def website(record: Record) -> WebsiteEndpoint | None:
    """The S3 website endpoint that the record leads to."""
    for name in target_names(record):
        try:
            endpoint = website_endpoint(DomainName.from_text(name))
        except InvalidName:
            continue
        if endpoint is not None:
            return endpoint
    return None


def is_website_standby(setup: Setup) -> bool:
    """Whether visitors of the standby get an S3 website, which speaks no HTTPS (S3-1)."""
    return any(website(record) for record in secondaries(setup))


def is_cloudfront(alias: AliasTarget) -> bool:
    """Whether this is a CloudFront distribution."""
    return alias.dns_name.endswith(".cloudfront.net")


def checks(setup: Setup) -> Iterator[tuple[str, Check]]:
    """The checks that its failover records name, each once, with its part of the plan file."""
    seen = set()
    for record in (*primaries(setup), *secondaries(setup)):
        check = setup.checks.get(record.check or "")
        if check is not None and check.key not in seen:
            seen.add(check.key)
            yield f"{side(record)}.check", check


def configs(setup: Setup) -> Iterator[tuple[str, CheckConfig]]:
    """As `checks`, for those whose configuration is known."""
    for path, check in checks(setup):
        if check.config is not None:
            yield path, check.config


def primary_check(setup: Setup) -> Check | None:
    """The check that decides about the primary."""
    return next((check for path, check in checks(setup) if path == "primary.check"), None)


def primary_config(setup: Setup) -> CheckConfig | None:
    """Its configuration, where that is known."""
    check = primary_check(setup)
    return None if check is None else check.config


def speaks_http(config: CheckConfig) -> bool:
    """HTTP or HTTPS, with or without a string."""
    return config.type.startswith("HTTP")


def is_on_engine(subject: Subject) -> bool:
    """Whether the set-up is for an engine, or at any rate not for AWS itself."""
    url = None if subject.where is None else subject.where.endpoint_url
    return url is not None and ".amazonaws.com" not in (urlsplit(url).hostname or "")


def interval(subject: Subject, check: Check) -> float:
    """Seconds between a checker's probes. Its tag acts on an engine only."""
    refined = parse_duration(check.tags.get(INTERVAL_TAG, "")) if is_on_engine(subject) else None
    asked = None if check.config is None else check.config.request_interval
    return refined or asked or DEFAULT_REQUEST_INTERVAL


def primary_alarms(setup: Setup) -> tuple[Alarm, ...]:
    """The alarms on any metric of the primary's check."""
    check = primary_check(setup)
    if check is None:
        return ()
    names = {check.key, check.id, reference(f"check/{check.key}")}
    return tuple(alarm for alarm in setup.alarms if alarm.dimensions.get("HealthCheckId") in names)


def status_alarms(setup: Setup) -> tuple[Alarm, ...]:
    """The alarms on the status of the primary's check."""
    return tuple(alarm for alarm in primary_alarms(setup) if alarm.metric == STATUS_METRIC)
