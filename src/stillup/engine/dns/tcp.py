"""DNS over TCP (RFC 7766): messages behind their lengths, as many as the client likes, one connection or many.

A connection is closed when

| it                                                        | how                                           |
|-----------------------------------------------------------|-----------------------------------------------|
| has sent no whole query for `idle_timeout` seconds        | closed; reset if it does not read its answers |
| is the one longest without a query, and a new one comes   | as above; so a full house still takes callers |
|   while `max_connections` are open                        |                                               |
| sends what deserves no answer (a response, a stub)        | closed, after the answers before it           |
| has ended its own side                                    | closed, after all its answers                 |

A client that does not read is not read from: what we hold for it is bounded by one read and one block of answers.
"""

from __future__ import annotations

import asyncio
import socket
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, cast

from stillup.engine.dns.counters import DnsCounters

_LENGTH: Final = 2
_QUERIES_PER_TURN: Final = 64
"""Of one connection, before the others get their turn."""
_BLOCK: Final = 1 << 16
"""Octets of answers that are handed to the system together."""
_BACKLOG: Final = 512

Respond = Callable[[bytes], bytes | None]


class TcpListener:
    """Answers the connections to one socket from `start` to `close`."""

    def __init__(
        self,
        bound: socket.socket,
        respond: Respond,
        counters: DnsCounters,
        *,
        idle_timeout: float,
        max_connections: int,
    ) -> None:
        """Take over a bound stream socket. `idle_timeout` is in seconds of real time."""
        self._socket = bound
        self._respond = respond
        self._counters = counters
        self._idle_timeout = idle_timeout
        self._max_connections = max_connections
        self._last_query_at: OrderedDict[_Connection, float] = OrderedDict()
        self._sweep: asyncio.TimerHandle | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Accept from now on, in the running event loop. Raises OSError."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self, self._respond), sock=self._socket, backlog=_BACKLOG
        )

    async def close(self) -> None:
        """Stop accepting and close every connection."""
        if self._sweep is not None:
            self._sweep.cancel()
        for connection in list(self._last_query_at):
            connection.close()
        if self._server is None:
            self._socket.close()
        else:
            self._server.close()
            await self._server.wait_closed()

    def admit(self, connection: _Connection) -> None:
        """A connection was made."""
        if len(self._last_query_at) >= self._max_connections:
            longest_idle = next(iter(self._last_query_at))
            self.forget(longest_idle)
            longest_idle.close()
        self._counters.connections += 1
        self.note_query(connection)
        if self._sweep is None:
            self._sweep_in(self._idle_timeout)

    def note_query(self, connection: _Connection) -> None:
        """A whole query came: the idle time starts anew."""
        self._last_query_at[connection] = asyncio.get_running_loop().time()
        self._last_query_at.move_to_end(connection)

    def forget(self, connection: _Connection) -> None:
        """A connection is gone, or going."""
        if self._last_query_at.pop(connection, None) is not None:
            self._counters.connections -= 1

    def _sweep_in(self, seconds: float) -> None:
        self._sweep = asyncio.get_running_loop().call_later(seconds, self._close_the_idle)

    def _close_the_idle(self) -> None:
        """One timer for all: the connections are in the order of their last queries."""
        self._sweep = None
        now = asyncio.get_running_loop().time()
        while self._last_query_at:
            connection, last_query_at = next(iter(self._last_query_at.items()))
            remaining = last_query_at + self._idle_timeout - now
            if remaining > 0:
                self._sweep_in(remaining)
                return
            self.forget(connection)
            connection.close()


class _Connection(asyncio.Protocol):
    """One client."""

    def __init__(self, listener: TcpListener, respond: Respond) -> None:
        self._listener = listener
        self._respond = respond
        self._received = bytearray()
        self._unread = False
        """Whether the client has left so many answers unread that we do not write more."""
        self._ended = False
        """Whether the client will send nothing more."""
        self._turn: asyncio.Handle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=_BLOCK)
        self._listener.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._listener.forget(self)
        if self._turn is not None:
            self._turn.cancel()

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._answer()

    def eof_received(self) -> bool:
        self._ended = True
        self._answer()
        return True

    def pause_writing(self) -> None:
        self._unread = True

    def resume_writing(self) -> None:
        self._unread = False
        self._answer()

    def close(self) -> None:
        """Close; a client that leaves its answers unread is cut off, or it would hold us for ever."""
        if self._transport.get_write_buffer_size():
            self._transport.abort()
        else:
            self._transport.close()

    def _take_turn(self) -> None:
        self._turn = None
        self._answer()

    def _answer(self) -> None:
        """Answer what has come in whole, as far as this turn and the client's reading allow."""
        if self._turn is not None or self._unread or self._transport.is_closing():
            return
        if not self._answer_a_block():
            self._transport.close()
            return
        pending = self._message_at(0) is not None
        if pending or self._unread:
            self._transport.pause_reading()
        elif self._ended:
            self._transport.close()
        else:
            self._transport.resume_reading()
        if pending and not self._unread:
            self._turn = asyncio.get_running_loop().call_soon(self._take_turn)

    def _answer_a_block(self) -> bool:
        """Whether all that was read deserves an answer."""
        answers = bytearray()
        at = answered = 0
        response: bytes | None = b""
        while answered < _QUERIES_PER_TURN and len(answers) < _BLOCK:
            message = self._message_at(at)
            if message is None:
                break
            at += _LENGTH + len(message)
            response = self._respond(message)
            if response is None:
                break
            answers += len(response).to_bytes(_LENGTH, "big") + response
            answered += 1
        del self._received[:at]
        if answered:
            self._listener.note_query(self)
            self._transport.write(answers)
        return response is not None

    def _message_at(self, at: int) -> bytes | None:
        """The message whose length stands there, or None while it is not all there."""
        start = at + _LENGTH
        end = start + int.from_bytes(self._received[at:start], "big")
        if len(self._received) < max(start, end):
            return None
        return bytes(self._received[start:end])
