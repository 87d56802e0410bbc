"""One page over HTTP, as a health checker or a visitor would get it: no redirects, no waiting for long.

http.client   speaks HTTP; redirects are not followed, which is what we want to see
ssl           certificates are verified where a visitor is meant, and not where a health checker is (HC-16)
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
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


def fetch(target: Target, *, verifies: bool = False, patience: float = PATIENCE) -> Page:
    """The answer to one GET; what goes wrong is in the page's `error`. Never raises for the network's sake.

    Takes whatever certificate there is, or, as a visitor's browser, one that `verifies` only. `patience` is in seconds:
    to connect, and again for the whole answer.
    """
    connection = http.client.HTTPConnection(target.host, target.port)
    try:
        connection.sock = connect(target, verifies=verifies, patience=patience)
        with _for_no_longer(connection.sock, patience) as is_over:
            usual = 443 if target.scheme == "https" else 80
            host = bracketed(target.host) + ("" if target.port == usual else f":{target.port}")
            connection.request("GET", target.path, headers={"Host": host, "User-Agent": "stillup"})
            response = connection.getresponse()
            if is_over.is_set():
                raise TimeoutError  # a header that ends with the connection would pass for a whole one
            return _page(target, response)
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        return Page(target.url, error=_reason(error, patience))
    finally:
        connection.close()


@contextlib.contextmanager
def _for_no_longer(connection: socket.socket, patience: float) -> Iterator[threading.Event]:
    """Hang up, and say so, after that time: an octet a second never runs into a socket's own time limit."""
    is_over = threading.Event()

    def hang_up() -> None:
        is_over.set()
        with contextlib.suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = threading.Timer(patience, hang_up)
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()


def connect(target: Target, *, verifies: bool = False, patience: float = PATIENCE) -> socket.socket:
    """A connection, with TLS for https, whatever the certificate is unless it is verified. Raises OSError."""
    plain = socket.create_connection((target.address or target.host, target.port), timeout=patience)
    if target.scheme != "https":
        return plain
    context = ssl.create_default_context() if verifies else _trusting()
    try:
        return context.wrap_socket(plain, server_hostname=target.host if target.has_sni else None)
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
        server=response.getheader("Server"),
        hsts=response.getheader("Strict-Transport-Security") if target.scheme == "https" else None,
        body=_body(response),
    )


def _body(response: http.client.HTTPResponse) -> bytes:
    """As much as comes in time."""
    body = bytearray()
    with contextlib.suppress(OSError, http.client.HTTPException):
        while len(body) < _MOST:
            piece = response.read1(_MOST - len(body))
            if not piece:
                break
            body += piece
    return bytes(body)


def _reason(error: Exception, patience: float) -> str:
    match error:
        case ConnectionRefusedError():
            return "connection refused"
        case TimeoutError():
            return f"no answer within {patience:g} s"
        case socket.gaierror():
            return "the name has no address"
        case ssl.SSLCertVerificationError():
            return f"its certificate is not believed: {error.verify_message}"
        case http.client.RemoteDisconnected():
            return "the connection was closed without an answer"
        case _:
            return str(error) or type(error).__name__
