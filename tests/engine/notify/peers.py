"""Endpoints on loopback, most of them bad, and authorities for TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import trustme

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(script: Script, tls: ssl.SSLContext | None = None, *, port: int = 0) -> AsyncIterator[int]:
    """A server that does this with each connection; its port."""

    handlers: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        handlers.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
                await script(reader, writer)
        finally:
            writer.transport.abort()
            handlers.discard(task)

    server = await asyncio.start_server(handle, "127.0.0.1", port, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await close_listener(server)
        while handlers:
            for each in tuple(handlers):
                each.cancel()
            await asyncio.sleep(0)


async def close_listener(server: asyncio.Server) -> None:
    """Listen no more, then close: a connection that was accepted just now takes some turns to have a transport and a
    handler, and asyncio leaves it open for ever if its server closes in between."""
    for listener in server.sockets:
        asyncio.get_running_loop().remove_reader(listener.fileno())
    for _ in range(10):
        await asyncio.sleep(0)
    server.close()


async def request_of(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """The head and the body of a request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(
        (int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length")),
        0,
    )
    return head, await reader.readexactly(length)


def answering(status: str, *, seen: list[tuple[str, bytes]] | None = None) -> Script:
    """Reads the request, answers this status."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await request_of(reader)
        if seen is not None:
            seen.append(request)
        writer.write(
            f"HTTP/1.1 {status}\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".encode()
        )
        await writer.drain()

    return script


def saying(data: bytes) -> Script:
    """Says this at once, reads nothing."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await reader.read()

    return script


async def hanging(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes everything, says nothing."""
    while await reader.read(65_536):
        pass


async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads nothing, says nothing."""
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    await asyncio.Event().wait()


def authority(monkeypatch: pytest.MonkeyPatch, directory: Path) -> trustme.CA:
    """One that this process trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(directory / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(directory / "ca.pem"))
    return made


def server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """For a server with these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context
