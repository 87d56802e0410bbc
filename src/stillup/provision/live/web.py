"""One page over HTTP, as a health checker or a visitor would get it: no redirects, no waiting for long.

http.client   speaks HTTP; redirects are not followed, which is what we want to see
ssl           certificates are not verified here (HC-16): what they are is looked at in tls.py
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
from dataclasses import dataclass
from time import monotonic
from typing import Final
from urllib.parse import urljoin, urlsplit

from stillup.lint.live import Page

PATIENCE: Final = 4.0
"""Seconds to connect, and again for the whole answer (HC-5)."""
_MOST: Final = 64 * 1024
"""Octets of a body that are read."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a page is, and who is asked for it: an address may stand in for the host's own."""

    scheme: str
    host: str
    """What the Host header says, and the TLS client."""
    port: int
    path: str = "/"
    address: str | None = None
    has_sni: bool = True

    @property
    def url(self) -> str:
        """The page's address as a browser shows it."""
        is_usual = self.port == (443 if self.scheme == "https" else 80)
        return f"{self.scheme}://{bracketed(self.host)}{'' if is_usual else f':{self.port}'}{self.path}"


def bracketed(host: str) -> str:
    """The host within a URL: IPv6 addresses in brackets (RFC 3986 §3.2.2)."""
    return f"[{host}]" if ":" in host else host


def target_of(url: str, *, address: str | None = None) -> Target:
    """Where a URL leads. Raises ValueError for what is no http(s) URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"not an http URL: {url!r}")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, parts.hostname, port, path + query, address)


def fetch(target: Target) -> Page:
    """The answer to one GET; what goes wrong is in the page's `error`. Never raises for the network's sake."""
    connection = http.client.HTTPConnection(target.host, target.port, timeout=PATIENCE)
    try:
        connection.sock = connect(target)
        usual = 443 if target.scheme == "https" else 80
        host = bracketed(target.host) + ("" if target.port == usual else f":{target.port}")
        connection.request("GET", target.path, headers={"Host": host, "User-Agent": "stillup-lint"})
        response = connection.getresponse()
        return _page(target, response)
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        return Page(target.url, error=_reason(error))
    finally:
        connection.close()


def connect(target: Target) -> socket.socket:
    """A connection, with TLS for https, whatever the certificate is. Raises OSError."""
    plain = socket.create_connection((target.address or target.host, target.port), timeout=PATIENCE)
    if target.scheme != "https":
        return plain
    try:
        return _trusting().wrap_socket(plain, server_hostname=target.host if target.has_sni else None)
    except BaseException:
        plain.close()
        raise


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _page(target: Target, response: http.client.HTTPResponse) -> Page:
    location = response.getheader("Location")
    return Page(
        url=target.url,
        status=response.status,
        location=None if location is None else urljoin(target.url, location),
        content_encoding=response.getheader("Content-Encoding"),
        retry_after=response.getheader("Retry-After"),
        hsts=response.getheader("Strict-Transport-Security") if target.scheme == "https" else None,
        body=_body(response),
    )


def _body(response: http.client.HTTPResponse) -> bytes:
    """As much as comes in time: a server that dribbles does not hold us up."""
    body = bytearray()
    deadline = monotonic() + PATIENCE
    with contextlib.suppress(OSError, http.client.HTTPException):
        while len(body) < _MOST and monotonic() < deadline:
            piece = response.read1(_MOST - len(body))
            if not piece:
                break
            body += piece
    return bytes(body)


def _reason(error: Exception) -> str:
    match error:
        case ConnectionRefusedError():
            return "connection refused"
        case TimeoutError():
            return f"no answer within {PATIENCE:.0f} s"
        case socket.gaierror():
            return "the name has no address"
        case http.client.RemoteDisconnected():
            return "the connection was closed without an answer"
        case _:
            return str(error) or type(error).__name__
