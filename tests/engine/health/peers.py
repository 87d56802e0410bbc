"""Endpoints to probe, on loopback: each follows a script, most of them a bad one."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from stillup.engine.health.probe import Probe, probe_of
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType
from stillup.rules.health.refinements import refinements_of
from stillup.rules.ids import HealthCheckId

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

CHECK_ID = HealthCheckId("11111111-2222-4333-8444-555555555555")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nStill up"


def check(
    kind: HealthCheckType = HealthCheckType.HTTP, *, tags: dict[str, str] | None = None, **config: object
):  # type: ignore[no-untyped-def]
    """A health check of 127.0.0.1."""
    values = {"ip_address": "127.0.0.1", **config}
    if kind.searches_body:
        values = {"search_string": "Still up", **values}
    return HealthCheck(CHECK_ID, "reference", HealthCheckConfig(type=kind, **values), tags=tags or {})  # type: ignore[arg-type]


def probe_for(port: int, kind: HealthCheckType = HealthCheckType.HTTP, **config: object) -> Probe:
    """The probe of a check of that port."""
    checked = check(kind, port=port, **config)
    return probe_of(checked, refinements_of(checked))


def saying(*pieces: bytes) -> Script:
    """Reads the request, says this, closes."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return script


def stalling(*pieces: bytes) -> Script:
    """Reads the request, says this, then nothing until the prober is gone."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        await reader.read()

    return script


def endless(start: bytes, forever: bytes) -> Script:
    """Reads the request, says `start`, and then `forever` again and again."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(start)
        while not writer.is_closing():
            writer.write(forever)
            await writer.drain()
            await asyncio.sleep(0)

    return script


def at_once(octets: bytes) -> Script:
    """Says this without reading anything, and waits."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(octets)
        await reader.read()

    return script


def resetting(script: Script) -> Script:
    """Does this, then resets the connection."""

    async def then_reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(reader, writer)
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return then_reset


async def nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Does nothing; the connection closes."""


@asynccontextmanager
async def peer(
    script: Script, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """A server that runs the script on every connection; its port."""
    conversations: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        conversations.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await script(reader, writer)
        finally:
            conversations.discard(task)
            writer.close()

    server = await asyncio.start_server(converse, host, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(conversations):
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)
        await server.wait_closed()
