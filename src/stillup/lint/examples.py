"""Plan files and set-ups to show rules with: sound ones, in which an example changes one thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.plan.setup import (
    Alarm,
    AliasTarget,
    Check,
    CheckConfig,
    Record,
    Setup,
    Subscription,
    Topic,
    Zone,
)

SITE: Final[Mapping[str, str]] = {
    "index.html": "<!doctype html><title>Back soon</title><p>We are back soon.</p>\n"
}
"""A sound folder: one page."""

CLOUDFRONT: Final = (
    "alias: {zone-id: Z2FDTNDATAQYW2, name: d111111abcdef8.cloudfront.net, evaluate-target-health: false}"
)
"""A standby that speaks HTTPS."""

ENGINE: Final = "where: {endpoint-url: 'http://127.0.0.1:4566'}"
"""For the end of a plan: it is for an engine."""


def plan(
    *,
    name: str = "www.example.com",
    primary: str = "address: 203.0.113.10",
    check: str | None = "path: /health",
    standby: str = "folder: maintenance",
    alert: str | None = "emails: [oncall@example.com]",
    more: str = "",
    end: str = "",
) -> str:
    """The text of a sound plan file with these parts, each the inside of a mapping.

    `more` is a line of the failover, `end` one of the file.
    """
    checked = "" if check is None else f", check: {{{check}}}"
    lines = [
        "version: 1",
        "failovers:",
        f"  - name: {name}",
        "    zone: example.com",
        f"    primary: {{{primary}{checked}}}",
        f"    standby: {{{standby}}}",
        "" if alert is None else f"    alert: {{{alert}}}",
        more and f"    {more}",
        end,
    ]
    return "".join(f"{line}\n" for line in lines if line)


CHECK_ID: Final = "1f6f2c0e-6d3b-4c1a-9a55-0d8a3f1f2a10"
TOPIC_ARN: Final = "arn:aws:sns:us-east-1:123456789012:ec2-failover-alerts"

HELD_ZONE: Final = Zone("example.com", id="Z0123456789ABCDEFGHIJ")
HELD_CHECK: Final = CheckConfig(
    type="HTTP",
    ip_address="203.0.113.10",
    port=80,
    resource_path="/health",
    fqdn="www.example.com",
    request_interval=30,
    failure_threshold=3,
    enable_sni=False,
)
HELD_PRIMARY: Final = Record(
    name="www.example.com",
    type="A",
    set_identifier="Primary-EC2",
    failover="PRIMARY",
    ttl=60,
    values=("203.0.113.10",),
    check=CHECK_ID,
)
HELD_SECONDARY: Final = Record(
    name="www.example.com",
    type="A",
    set_identifier="Secondary-S3",
    failover="SECONDARY",
    alias=AliasTarget("Z3AQBSTGFYJSTF", "s3-website-us-east-1.amazonaws.com", evaluate_target_health=False),
)
HELD_ALARM: Final = Alarm(
    name="EC2-HealthCheck-Failed",
    region="us-east-1",
    namespace="AWS/Route53",
    metric="HealthCheckStatus",
    dimensions={"HealthCheckId": CHECK_ID},
    statistic="Minimum",
    period=60,
    evaluation_periods=1,
    threshold=1.0,
    comparison="LessThanThreshold",
    treat_missing_data="breaching",
    alarm_actions=(TOPIC_ARN,),
    ok_actions=(TOPIC_ARN,),
)
HELD_TOPIC: Final = Topic(
    key=TOPIC_ARN,
    name="ec2-failover-alerts",
    region="us-east-1",
    arn=TOPIC_ARN,
    subscriptions=(Subscription("email", "oncall@example.com", arn=f"{TOPIC_ARN}:1", is_confirmed=True),),
)


def held(
    *,
    records: tuple[Record, ...] = (HELD_PRIMARY, HELD_SECONDARY),
    checks: tuple[Check, ...] = (Check(CHECK_ID, HELD_CHECK, id=CHECK_ID),),
    alarms: tuple[Alarm, ...] = (HELD_ALARM,),
    topics: tuple[Topic, ...] = (HELD_TOPIC,),
    zone: Zone = HELD_ZONE,
) -> Setup:
    """What an account holds that was set up soundly by another hand."""
    return Setup(
        name="www.example.com",
        zone=zone,
        records=records,
        checks={check.key: check for check in checks},
        topics=topics,
        alarms=alarms,
    )
