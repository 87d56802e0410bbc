"""The guide's set-up, for the rules' examples: as a plan, and as an account holds it."""

from __future__ import annotations

from typing import Final

from stillup.plan.setup import (
    Alarm,
    AliasTarget,
    Bucket,
    Check,
    CheckConfig,
    Record,
    Setup,
    Subscription,
    Topic,
    Website,
    Zone,
)

NOW: Final = 1_790_000_000.0
"""A moment in September 2026."""
DAY: Final = 86400.0
NAME: Final = "www.example.com"
ADDRESS: Final = "203.0.113.10"
CHECK: Final = "00000000-1111-2222-3333-444444444444"
INSTANCE: Final = "i-0123456789abcdef0"
TOPIC: Final = "arn:aws:sns:us-east-1:123456789012:alerts"
SERVERS: Final = ("ns-1.awsdns-00.com", "ns-2.awsdns-00.net")

GUIDE: Final = """\
version: 1
failovers:
  - name: www.example.com
    zone: example.com
    primary:
      address: 203.0.113.10
      check: {path: /health}
    standby:
      folder: maintenance
    alert:
      emails: [oncall@example.com]
"""
TYPED_INSTANCE: Final = GUIDE.replace("check:", f"instances: [{INSTANCE}]\n      check:")
TYPED_STRING: Final = GUIDE.replace("path: /health", "path: /health, string: all is well")
TYPED_HTTPS: Final = GUIDE.replace("path: /health", "path: /health, type: https").replace(
    "folder: maintenance",
    "alias: {zone-id: Z2FDTNDATAQYW2, name: d111111abcdef8.cloudfront.net, evaluate-target-health: false}",
)
TYPED_ADDRESS: Final = GUIDE.replace("folder: maintenance", "address: 198.51.100.7")
TYPED_BUCKET: Final = GUIDE.replace("folder: maintenance", "bucket: www.example.com")

SITE: Final = {"index.html": "<!doctype html><title>Back soon</title>", "error.html": "<!doctype html>"}
PUBLIC: Final = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", '
    '"Action": "s3:GetObject", "Resource": "arn:aws:s3:::www.example.com/*"}]}'
)

PRIMARY_RECORD: Final = Record(
    NAME, "A", set_identifier="Primary-EC2", failover="PRIMARY", ttl=60, values=(ADDRESS,), check=CHECK
)
SECONDARY_RECORD: Final = Record(
    NAME,
    "A",
    set_identifier="Secondary-S3",
    failover="SECONDARY",
    alias=AliasTarget("Z3AQBSTGFYJSTF", "s3-website-us-east-1.amazonaws.com", evaluate_target_health=False),
)
HELD_TOPIC: Final = Topic(
    key=TOPIC,
    name="alerts",
    region="us-east-1",
    arn=TOPIC,
    subscriptions=(Subscription("email", "oncall@example.com", arn=f"{TOPIC}:1", is_confirmed=True),),
)
HELD_ALARM: Final = Alarm(
    name="down",
    region="us-east-1",
    namespace="AWS/Route53",
    metric="HealthCheckStatus",
    dimensions={"HealthCheckId": CHECK},
    statistic="Minimum",
    period=60,
    evaluation_periods=1,
    threshold=1.0,
    comparison="LessThanThreshold",
    treat_missing_data="breaching",
    alarm_actions=(TOPIC,),
    ok_actions=(TOPIC,),
)
HELD_BUCKET: Final = Bucket(
    NAME, "us-east-1", policy=PUBLIC, website=Website(index="index.html", error="error.html")
)
HELD: Final = Setup(
    name=NAME,
    zone=Zone("example.com", id="Z0", name_servers=SERVERS, negative_ttl=900),
    records=(PRIMARY_RECORD, SECONDARY_RECORD),
    checks={
        CHECK: Check(
            CHECK,
            CheckConfig(
                "HTTP",
                ip_address=ADDRESS,
                port=80,
                resource_path="/health",
                fqdn=NAME,
                request_interval=30,
                failure_threshold=3,
            ),
            id=CHECK,
        )
    },
    bucket=HELD_BUCKET,
    topics=(HELD_TOPIC,),
    alarms=(HELD_ALARM,),
)
