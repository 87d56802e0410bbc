"""One request to somebody else's server, on a connection of its own, and the status that it answers.

The address is judged when the connection is made, so that a name cannot move into the operator's network between
the check and the request. Redirects are not followed. No more is read than the head of the answer.
"""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from string import punctuation
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

from stillup.engine.notify.attempt import WITHIN
from stillup.wire.http1.head import BadResponse
from stillup.wire.http1.response import ResponseReader

_VISIBLE: Final = punctuation
_CHUNK: Final = 4_096
_PORTS: Final = {"http": 80, "https": 443}


class Unanswered(Exception):
    """The world's fault: no answer. The text says why; `hung` whether the time ran out."""

    def __init__(self, reason: str, *, hung: bool = False) -> None:
        super().__init__(reason)
        self.hung = hung


class Unacceptable(Exception):
    """The caller's fault: this URL, or where it leads, is never called. The text says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads."""

    host: str
    port: int
    is_tls: bool
    path: str
    authority: str
    """For the Host field."""
    credentials: str | None
    """`user:password` of the URL, for basic authentication."""

    @classmethod
    def of(cls, url: str) -> Target:
        """Raises Unacceptable for what is no http or https URL with a host."""
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname
        except ValueError as wrong:
            raise Unacceptable(f"The URL cannot be used: {wrong}.") from wrong
        if parts.scheme not in _PORTS or not host or not host.isascii():
            raise Unacceptable("The URL cannot be used: it needs http or https, and a host.")
        return cls(
            host=host,
            port=port if port is not None else _PORTS[parts.scheme],
            is_tls=parts.scheme == "https",
            path=_path(parts),
            authority=quote(parts.netloc.rpartition("@")[2], safe=_VISIBLE),
            credentials=_credentials(parts),
        )


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    return quote(f"{path}?{parts.query}" if parts.query else path, safe=_VISIBLE)


def _credentials(parts: SplitResult) -> str | None:
    if parts.username is None:
        return None
    return f"{unquote(parts.username)}:{unquote(parts.password or '')}"


class WebClient:
    """Asks; any number at a time. `permits` judges every address before it is connected to.

    Certificates are verified against this machine's authorities, or those that SSL_CERT_FILE names.
    """

    def __init__(
        self,
        *,
        resolve: Callable[[str], Awaitable[Sequence[str]]],
        permits: Callable[[str], bool],
        within: float = WITHIN,
    ) -> None:
        """`within`: real seconds for everything."""
        self._resolve = resolve
        self._permits = permits
        self._within = within
        self._trusted: ssl.SSLContext | None = None

    async def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> int:
        """The status of the answer. Raises Unanswered or Unacceptable."""
        target = Target.of(url)
        try:
            async with asyncio.timeout(self._within):
                return await self._ask(target, _request(method, target, headers, body))
        except TimeoutError:
            reason = f"No answer within {self._within:.0f} seconds."
            raise Unanswered(reason, hung=True) from None
        except ssl.SSLError as wrong:
            said = getattr(wrong, "verify_message", None) or wrong.reason or str(wrong)
            raise Unanswered(f"TLS failed: {said}.") from wrong
        except OSError as wrong:
            raise Unanswered(f"The connection failed: {wrong.strerror or wrong}.") from wrong
        except BadResponse as wrong:
            raise Unanswered(f"The answer was not understood: {wrong}.") from wrong

    async def _ask(self, target: Target, request: bytes) -> int:
        reader, writer = await self._connect(target)
        try:
            writer.write(request)
            response = ResponseReader(wants_body=False)
            # A server that refuses early may answer before it has read all: listen first, do not wait to be heard.
            while response.head is None:
                data = await reader.read(_CHUNK)
                if data:
                    response.receive(data)
                else:
                    response.end()
            return response.head.status
        finally:
            writer.transport.abort()

    async def _connect(self, target: Target) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            addresses = await self._resolve(target.host)
        except OSError as wrong:
            raise Unanswered(f"The name {target.host} was not found: {wrong.strerror or wrong}.") from wrong
        permitted = [address for address in addresses if self._permits(address.partition("%")[0])]
        if not permitted:
            raise Unacceptable(f"The address of {target.host} is not one that may be called.")
        failure = OSError("no address")
        for address in permitted:
            try:
                return await asyncio.open_connection(
                    address,
                    target.port,
                    limit=_CHUNK,
                    ssl=self._context() if target.is_tls else None,
                    server_hostname=target.host if target.is_tls else None,
                )
            except ssl.SSLError:
                raise
            except OSError as wrong:
                failure = wrong
        raise failure

    def _context(self) -> ssl.SSLContext:
        if self._trusted is None:
            self._trusted = ssl.create_default_context()  # reads files; many engines never need it
        return self._trusted


def _request(method: str, target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    """No value can add a line: what is not visible ASCII or a space is percent-encoded."""
    fields = {"Host": target.authority, **headers, "Connection": "close"}
    if target.credentials is not None:
        fields["Authorization"] = f"Basic {b64encode(target.credentials.encode()).decode()}"
    if method == "POST":
        fields["Content-Length"] = str(len(body))
    lines = [f"{name}: {quote(value, safe=_VISIBLE + ' ')}" for name, value in fields.items()]
    return "\r\n".join([f"{method} {target.path} HTTP/1.1", *lines, "", ""]).encode("ascii") + body
