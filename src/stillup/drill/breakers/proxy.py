"""A fault proxy of our own in front of the primary: passes everything through, until it is told to misbehave.

| mode   | new connections              | those that are open            |
|--------|------------------------------|--------------------------------|
| pass   | go through                   | go on                          |
| refuse | are reset at once            | are reset                      |
| hang   | are taken, nothing comes     | nothing comes any more         |
| error  | are answered by 500          | are closed                     |
| cut    | end amid the body            | end amid the body              |
| slow   | each piece comes late        | each piece comes late          |

It listens for as long as the drill lasts, and dies with it: where nothing but the drill led visitors through it,
there is nothing to repair afterwards. A check that does not search the body is content with `cut`: it has read
the status by then.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from stillup.drill.breakers.breaker import BreakFailed, Memory, Remember
from stillup.plan.address import Address

CHUNK: Final = 65_536
CONNECT_WITHIN: Final = 5.0
SLOWNESS: Final = 10.0
"""Seconds by which each piece comes late; visitors and checkers give up before (1.2)."""
_ERROR: Final = (
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n"
    b"Connection: close\r\n\r\ndrill\n"
)


class Mode(StrEnum):
    """How it behaves."""

    PASS = "pass"  # noqa: S105  no password
    REFUSE = "refuse"
    HANG = "hang"
    ERROR = "error"
    CUT = "cut"
    SLOW = "slow"


class FaultProxy:
    """Listens from `open` to `close`, in a thread of its own."""

    def __init__(self, listen: Address, to: Address) -> None:
        self.listen = listen
        self._to = to
        self._mode = Mode.PASS
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault proxy", daemon=True)
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def open(self) -> None:
        """Begin to pass. Raises BreakFailed where the address cannot be had."""
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        try:
            self._server = listening.result()
        except OSError as wrong:
            self._end()
            raise BreakFailed(f"the fault proxy cannot listen at {self.listen}: {wrong.strerror}") from None

    def close(self) -> None:
        """End, with every connection."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._end()

    def behave(self, mode: Mode) -> None:
        """From now on."""
        asyncio.run_coroutine_threadsafe(self._behave(mode), self._loop).result()

    async def _listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, self.listen.host, self.listen.port)
        host, port = server.sockets[0].getsockname()[:2]
        self.listen = Address(host, port)
        return server

    async def _behave(self, mode: Mode) -> None:
        self._mode = mode
        self._changed.set()
        self._changed = asyncio.Event()
        if mode in (Mode.REFUSE, Mode.ERROR):
            for writer in self._open:
                _reset(writer) if mode is Mode.REFUSE else writer.close()

    async def _close(self) -> None:
        self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  asyncio calls it in one
        self._tasks.add(task)
        self._open.add(writer)
        try:
            await self._converse(reader, writer)
        except (OSError, TimeoutError):
            _reset(writer)
        except asyncio.CancelledError:  # the proxy is closing; asyncio's streams would log it as an error
            writer.transport.abort()
        finally:
            self._open.discard(writer)
            self._tasks.discard(task)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while self._mode is Mode.HANG:
            await self._changed.wait()
        if self._mode is Mode.REFUSE:
            _reset(writer)
        elif self._mode is Mode.ERROR:
            with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await reader.readuntil(b"\r\n\r\n")
            writer.write(_ERROR)
            await writer.drain()
        else:
            await self._pass(reader, writer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connecting = asyncio.open_connection(self._to.host, self._to.port)
        from_primary, to_primary = await asyncio.wait_for(connecting, CONNECT_WITHIN)
        try:
            forth = asyncio.ensure_future(self._copy(reader, to_primary, is_response=False))
            back = asyncio.ensure_future(self._copy(from_primary, writer, is_response=True))
            try:
                # When the response side is over, so is the conversation; a half-closed request side is not.
                await back
            finally:
                forth.cancel()
                back.cancel()
                await asyncio.gather(forth, back, return_exceptions=True)
        finally:
            to_primary.transport.abort()

    async def _copy(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, is_response: bool
    ) -> None:
        while piece := await source.read(CHUNK):
            while self._mode is Mode.HANG:
                await self._changed.wait()
            if is_response and self._mode is Mode.SLOW:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), SLOWNESS)
            if is_response and self._mode is Mode.CUT and (half := _half_a_body(piece)) is not None:
                sink.write(piece[:half])
                await sink.drain()
                return
            sink.write(piece)
            await sink.drain()
        if not is_response and sink.can_write_eof():
            sink.write_eof()


def _half_a_body(piece: bytes) -> int | None:
    """Where to cut so that the head of a response stays whole; None where there is nothing but a head."""
    head = piece.find(b"\r\n\r\n") + 4 if piece.startswith(b"HTTP/") else 0
    return None if head == len(piece) else head + (len(piece) - head) // 2


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close by RST, as a port without a listener answers."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@dataclass(frozen=True, slots=True)
class Proxy:
    """The proxy as a way of breaking. Its memory is empty: it ends with its process, and with it what it did."""

    method: ClassVar[str] = "proxy"
    proxy: FaultProxy
    mode: Mode

    @property
    def what_happens(self) -> str:
        """For whoever is asked."""
        return (
            f"the fault proxy at {self.proxy.listen} goes over to the mode {self.mode}, and back to passing."
        )

    def memory(self) -> Memory:
        """Nothing."""
        return {}

    def break_(self, remember: Remember) -> None:
        """Misbehave."""
        self.proxy.behave(self.mode)

    def restore(self) -> None:
        """Pass again."""
        self.proxy.behave(Mode.PASS)

    def close(self) -> None:
        """Stop listening."""
        self.proxy.close()
