"""Which bucket a visitor means: the Host header of a request to the website endpoint (S3-2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stillup.rules.ids import BucketName

_PORT: Final = re.compile(r":[0-9]*\Z")
_ENDPOINT: Final = re.compile(
    r"(?:(?P<bucket>.+)\.)?s3-website[-.](?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Host:
    """What a Host header names.

    | Host                                        | bucket  | region    |
    |---------------------------------------------|---------|-----------|
    | `BUCKET.s3-website-us-east-1.amazonaws.com` | BUCKET  | us-east-1 |
    | `BUCKET.s3-website.eu-west-3.amazonaws.com` | BUCKET  | eu-west-3 |
    | `s3-website-us-east-1.amazonaws.com`        | None    | us-east-1 |
    | any other: the bucket of that very name     | it      | None      |
    """

    bucket: BucketName | None
    region: str | None


def parse_host(header: str) -> Host:
    """Case, a port and a final dot do not matter."""
    name = _PORT.sub("", header.strip().lower()).removesuffix(".")
    endpoint = _ENDPOINT.fullmatch(name)
    if endpoint is None:
        return Host(BucketName(name), None)
    bucket = endpoint["bucket"]
    return Host(None if bucket is None else BucketName(bucket), endpoint["region"])
