"""Opening a page at an address of one's choice, as `curl --resolve` does."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

ENOUGH: Final = 65_536
"""Octets of a page that are read."""


@dataclass(frozen=True, slots=True)
class Place:
    """A URL, taken apart."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str) -> Place:
        """Raises ValueError where it is no URL of a web page."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no URL of a web page: write http://HOST/ or https://HOST/")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80), path)

    @property
    def host_header(self) -> str:
        """The Host header: without a port where that is the protocol's own (RFC 9110 §7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answered."""

    status: int
    text: str


class _TlsAt(http.client.HTTPSConnection):
    """TLS to an address, with the name of the host."""

    def __init__(self, address: str, place: Place, timeout: float) -> None:
        self._tls = ssl.create_default_context()
        self._name = place.host
        super().__init__(address, place.port, timeout=timeout, context=self._tls)

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self._name)


def connect(address: str, place: Place, *, timeout: float) -> http.client.HTTPConnection:
    """A connection to this address that is yet to be opened."""
    if place.scheme == "https":
        return _TlsAt(address, place, timeout)
    return http.client.HTTPConnection(address, place.port, timeout=timeout)


def get(connection: http.client.HTTPConnection, place: Place, *, timeout: float) -> Page:
    """The page, over this connection.

    Raises OSError and HTTPException where it does not come whole within `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    connection.request("GET", place.path, headers={"Host": place.host_header, "User-Agent": "stillup-drill"})
    response = connection.getresponse()
    body = bytearray()
    while part := response.read1(ENOUGH):
        body += part
        if time.monotonic() > deadline:
            raise TimeoutError("the page did not come whole in time")
    if response.length:
        raise http.client.IncompleteRead(bytes(body), response.length)
    response.close()  # lets the connection be used again; with a length, `read1` never sees the end
    return Page(response.status, bytes(body[:ENOUGH]).decode(errors="replace"))


def fetch(address: str, place: Place, *, timeout: float) -> Page:
    """The page, over a connection of its own. Raises as `get` does."""
    connection = connect(address, place, timeout=timeout)
    try:
        return get(connection, place, timeout=timeout)
    finally:
        connection.close()
