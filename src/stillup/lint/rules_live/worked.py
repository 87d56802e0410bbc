"""The guide's set-up, for the rules' examples: as a plan, and as an account holds it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from stillup.lint.examples import HELD_ZONE, held
from stillup.plan.setup import Bucket, Website

NOW: Final = 1_790_000_000.0
"""A moment in September 2026."""
DAY: Final = 86400.0
NAME: Final = "www.example.com"
ADDRESS: Final = "203.0.113.10"
INSTANCE: Final = "i-0123456789abcdef0"
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

HELD_BUCKET: Final = Bucket(
    NAME, "us-east-1", policy=PUBLIC, website=Website(index="index.html", error="error.html")
)
HELD: Final = replace(
    held(), zone=replace(HELD_ZONE, name_servers=SERVERS, negative_ttl=900), bucket=HELD_BUCKET
)
