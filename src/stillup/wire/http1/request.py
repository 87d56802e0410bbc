"""The request of a health check."""

from __future__ import annotations

from string import punctuation
from typing import Final
from urllib.parse import quote


def render_get(*, path: str, host: str, check_id: str) -> bytes:
    """The request that Route 53's checkers send (HC-8).

    `path` may hold a query; without a leading `/` it gets one (HC-9). What a request line cannot carry
    is percent-encoded, so no value can add a line. One connection serves one request: it says so.
    """
    target = path if path.startswith("/") else f"/{path}"
    return (
        f"GET {quote(target, safe=_VISIBLE)} HTTP/1.1\r\n"
        f"Host: {quote(host, safe=_VISIBLE)}\r\n"
        "User-Agent: Amazon-Route53-Health-Check-Service"
        f" (ref {check_id}; report http://amzn.to/1vsZADi)\r\n"
        "Accept: */*\r\n"
        "Accept-Encoding: identity,gzip,deflate\r\n"
        "Connection: close\r\n"
        "\r\n"
    ).encode("ascii")


_VISIBLE: Final = punctuation
