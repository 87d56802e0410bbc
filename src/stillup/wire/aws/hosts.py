"""S3's two ways to name a bucket: in the path, or in the host."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address
from typing import Final

DEFAULT_ENDPOINT_HOSTS: Final = ("localhost", "s3.localhost")

_AWS_HOST: Final = re.compile(
    r"(?:(?P<bucket>.+)\.)?s3(?:[.-](?:dualstack\.)?[a-z]{2}(?:-[a-z]+)+-[0-9]+)?\.amazonaws\.com(?:\.cn)?"
)
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")


def bucket_of_host(host: str, endpoint_hosts: Collection[str]) -> str | None:
    """The bucket of a virtual-hosted request; None for path style.

    `host` is the Host header, with or without a port. `endpoint_hosts` are the names under which this server
    is reached; the longest that fits decides, so `b.s3.localhost` is bucket `b` when both `localhost` and
    `s3.localhost` are ours. Bucket names may hold dots.
    """
    name = _without_port(host)
    found = _AWS_HOST.fullmatch(name)
    if found:
        return found["bucket"]
    bases = {base.lower() for base in endpoint_hosts}
    if name in bases:
        return None
    for base in sorted(bases, key=len, reverse=True):
        if name.endswith("." + base):
            bucket = name[: -len(base) - 1]
            return bucket if _BUCKET.fullmatch(bucket) else None
    return None


def is_local(host: str) -> bool:
    """Whether a Host header names this machine, or AWS, in a way that nobody else's DNS can have led here.

    No Host, a numeric address, `localhost` and all below it (RFC 6761 section 6.3), and `amazonaws.com`.
    """
    name = _without_port(host)
    try:
        ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return not name or name == "localhost" or name.endswith((".localhost", ".amazonaws.com"))
    return True


def _without_port(host: str) -> str:
    """The name in lower case, without a port and a final dot."""
    return re.sub(r":[0-9]*$", "", host.strip()).lower().removesuffix(".")
