"""An HTTP listener: uvicorn with bounds on the weight of a head, on its time, and on how long a body may stand still.

uvicorn bounds bodies by backpressure and connections by number, but a head without an end would grow in memory, and a
client that never sends one, or that vanishes in the middle of a body, would hold its connection for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections import deque
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

MOST_HEAD_OCTETS: Final = 64 * 1024
"""Request line, header fields, and what stands between the chunks of a body. S3 metadata is at most 2 KiB."""
HEAD_WITHIN: Final = 20.0
"""Real seconds from connecting, or from a request's first octet, to the end of its head."""
STALLED_AFTER: Final = 60.0
"""Real seconds in which no octet of a request's or a response's body has moved that the client should send or take."""
MOST_CONNECTIONS: Final = 1000
KEEP_ALIVE: Final = 30
"""Real seconds that a connection may idle between two requests."""
FINISH_WITHIN: Final = 5
"""Real seconds that responses under way may take after `close`."""

_REFUSAL: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class CertificateUnusable(Exception):
    """The operator's to put right: the certificate or its key cannot be read, or they do not belong together."""


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """What a listener needs to speak TLS with this chain and key, both PEM. Raises CertificateUnusable."""
    for file in (certificate, key):
        try:
            file.read_bytes()
        except OSError as reason:
            raise CertificateUnusable(f"{file}: {reason.strerror or reason}") from reason
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # A password would be asked for on the terminal, where nobody may sit.
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (ssl.SSLError, ValueError) as reason:
        raise CertificateUnusable(f"{certificate} and {key}: {_why(reason)}") from reason
    return context


def _why(reason: ssl.SSLError | ValueError) -> str:
    match getattr(reason, "reason", None):
        case "KEY_VALUES_MISMATCH":
            return "the key is not the certificate's"
        case None:
            return "not a certificate chain and its unencrypted key, in PEM"
        case said:
            return f"not a certificate chain and its unencrypted key, in PEM ({said})"


class HttpListener:
    """Serves an ASGI application on one address, from `start` to `close`; over TLS alone, if it is given `tls`."""

    def __init__(
        self,
        application: Any,
        host: str,
        port: int,
        *,
        tls: ssl.SSLContext | None = None,
        stalled_after: float = STALLED_AFTER,
    ) -> None:
        self._address = (host, port)
        self._server = _Server(
            uvicorn.Config(
                application,
                # It is only called; a class is what uvicorn says that it wants.
                http=partial(_GuardedProtocol, stalled_after=stalled_after),  # type: ignore[arg-type]
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=FINISH_WITHIN,
                ssl_context_factory=None if tls is None else lambda _config, _default: tls,
            )
        )
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> tuple[str, int]:
        """Listen; the address with the port that it has. Raises OSError if it is taken or not ours."""
        bound = socket.create_server(
            self._address, family=socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET, backlog=1024
        )
        bound.setblocking(False)  # noqa: FBT003 - the standard library's signature
        self._serving = asyncio.create_task(self._server.serve(sockets=[bound]))
        await self._server.listening.wait()
        host, port = bound.getsockname()[:2]
        return host, port

    async def close(self) -> None:
        """Stop listening; responses under way may end, then their connections are closed."""
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving


class _Server(uvicorn.Server):
    """uvicorn's server, which leaves the signals to the engine and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


class _GuardedProtocol(HttpToolsProtocol):
    """Closes connections whose request head is too large or too slow, or whose body does not move."""

    _unparsed = 0
    """Octets since anything was complete: a head, or a piece of body."""
    _patience: asyncio.TimerHandle | None = None
    _received = 0
    """Octets since the connection was made."""
    _awaits_body = False
    """Whether a request's head is here, and not all of its body."""
    _look: asyncio.TimerHandle

    def __init__(self, *, stalled_after: float, **given: Any) -> None:
        super().__init__(**given)
        self._stalled_after = stalled_after
        self._begun: deque[RequestResponseCycle] = deque()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()
        self._look_later(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_here()
        self._look.cancel()
        # uvicorn tells only the newest of several pipelined requests that nobody listens any more; an older one,
        # still at work, would write to a connection that is closed.
        for cycle in self._begun:
            cycle.disconnected = not cycle.response_complete
            cycle.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        self._unparsed += len(data)
        super().data_received(data)
        if self._unparsed > MOST_HEAD_OCTETS and not self.transport.is_closing():
            self.transport.write(_REFUSAL)
            self.transport.close()

    def on_message_begin(self) -> None:
        self._await_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_is_here()
        self._awaits_body = True
        super().on_headers_complete()
        while self._begun and self._begun[0].response_complete:
            self._begun.popleft()
        self._begun.append(self.cycle)

    def on_body(self, body: bytes) -> None:
        self._unparsed = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._awaits_body = False
        super().on_message_complete()

    def _await_head(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(HEAD_WITHIN, self.transport.abort)

    def _head_is_here(self) -> None:
        self._unparsed = 0
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _look_later(self, owed: tuple[int, int] | None) -> None:
        self._look = self.loop.call_later(self._stalled_after, self._abort_if_stalled, owed)

    def _abort_if_stalled(self, before: tuple[int, int] | None) -> None:
        owed = self._owed()
        if owed is not None and owed == before:
            self.transport.abort()
        else:
            self._look_later(owed)

    def _owed(self) -> tuple[int, int] | None:
        """How far the bodies are, while it is the client's turn to send or to take; else None."""
        unsent = self.transport.get_write_buffer_size()
        is_to_send = self._awaits_body and not self.flow.read_paused
        return (self._received, unsent) if unsent or is_to_send else None
