"""An HTTP listener: uvicorn with a bound on what a request's head may weigh and how long it may take.

uvicorn bounds bodies by backpressure and connections by number, but a head without an end would grow in memory, and a
client that never sends one would hold its connection for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_OCTETS: Final = 64 * 1024
"""Request line, header fields, and what stands between the chunks of a body. S3 metadata is at most 2 KiB."""
HEAD_WITHIN: Final = 20.0
"""Real seconds from connecting, or from a request's first octet, to the end of its head."""
MOST_CONNECTIONS: Final = 1000
KEEP_ALIVE: Final = 30
"""Real seconds that a connection may idle between two requests."""
FINISH_WITHIN: Final = 5
"""Real seconds that responses under way may take after `close`."""

_REFUSAL: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class HttpListener:
    """Serves an ASGI application on one address, from `start` to `close`."""

    def __init__(self, application: Any, host: str, port: int) -> None:
        self._address = (host, port)
        self._server = _Server(
            uvicorn.Config(
                application,
                http=_GuardedProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=FINISH_WITHIN,
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
    """Closes connections whose request head is too large or too slow."""

    _unparsed = 0
    """Octets since anything was complete: a head, or a piece of body."""
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_here()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
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
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unparsed = 0
        super().on_body(body)

    def _await_head(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(HEAD_WITHIN, self.transport.abort)

    def _head_is_here(self) -> None:
        self._unparsed = 0
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
