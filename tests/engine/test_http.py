"""The HTTP listener under clients that do not behave."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvloop
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from stillup.engine.http import MOST_HEAD_OCTETS, HttpListener


async def _size(request: Request) -> Response:
    try:
        return PlainTextResponse(str(sum([len(chunk) async for chunk in request.stream()])))
    except ClientDisconnect:
        return PlainTextResponse("nobody reads this")


async def _large(_: Request) -> Response:
    async def zeros() -> AsyncIterator[bytes]:
        for _ in range(64):  # more than the buffers between here and a client that does not read
            yield bytes(2**20)

    return StreamingResponse(zeros())


APPLICATION = Starlette(routes=[Route("/", _size, methods=["GET", "POST"]), Route("/large", _large)])


@pytest.fixture
async def listener() -> AsyncIterator[tuple[str, int]]:
    """An application that answers with the size of the body."""
    serving = HttpListener(APPLICATION, "127.0.0.1", 0)
    yield await serving.start()
    await serving.close()


@pytest.fixture
async def impatient() -> AsyncIterator[tuple[tuple[str, int], asyncio.Event]]:
    """The same, behind a listener that soon gives a silent client up; and whether a request has come to its end."""
    ended = asyncio.Event()

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await APPLICATION(scope, receive, send)
        ended.set()

    serving = HttpListener(application, "127.0.0.1", 0, stalled_after=0.05)
    yield await serving.start(), ended
    await serving.close()


async def _exchange(address: tuple[str, int], *pieces: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(*address)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_an_ordinary_request_is_answered(listener: tuple[str, int]) -> None:
    reply = await _exchange(listener, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert reply.startswith(b"HTTP/1.1 200") and reply.endswith(b"0")


async def test_a_body_may_be_larger_than_a_head(listener: tuple[str, int]) -> None:
    body = bytes(4 * MOST_HEAD_OCTETS)
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()

    assert (await _exchange(listener, head, body)).endswith(str(len(body)).encode())


@pytest.mark.parametrize(
    "endless",
    [
        pytest.param((b"GET /", b"x" * 4096), id="path"),
        pytest.param((b"GET / HTTP/1.1\r\nA: ", b"x" * 4096), id="header value"),
        pytest.param((b"GET / HTTP/1.1\r\n", b"A: b\r\n" * 700), id="many headers"),
        pytest.param(
            (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x" * 4096), id="chunk extension"
        ),
    ],
)
async def test_a_head_without_an_end_is_cut_off(
    listener: tuple[str, int], endless: tuple[bytes, bytes]
) -> None:
    start, more = endless

    reply = await _exchange(listener, start, *[more] * (4 * MOST_HEAD_OCTETS // len(more)))

    assert reply == b"" or reply.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf", id="of a request"),
        pytest.param(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n", id="of a response"),
    ],
)
async def test_a_client_that_vanishes_in_the_middle_of_a_body_is_given_up(
    impatient: tuple[tuple[str, int], asyncio.Event], start: bytes
) -> None:
    address, ended = impatient
    with socket.create_connection(address) as client:
        client.send(start)
        await asyncio.wait_for(ended.wait(), 10)


async def test_a_client_that_has_its_answer_may_be_silent(
    impatient: tuple[tuple[str, int], asyncio.Event],
) -> None:
    reader, writer = await asyncio.open_connection(*impatient[0])
    for pause in (0.2, 0.0):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n0")
        await asyncio.sleep(pause)  # silence is the input, not a wait
    writer.close()


def test_a_client_that_leaves_its_pipelined_requests_behind_is_no_news(
    caplog: pytest.LogCaptureFixture,
) -> None:
    uvloop.run(_leave_pipelined_requests_behind())  # whose transports mind being written to when closed

    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def _leave_pipelined_requests_behind() -> None:
    second_is_here, left = asyncio.Event(), asyncio.Event()

    async def answer(request: Request) -> Response:
        if request.url.path == "/second":
            second_is_here.set()
            await left.wait()
        return PlainTextResponse("nobody reads the second")

    serving = HttpListener(Starlette(routes=[Route("/{path}", answer)]), "127.0.0.1", 0)
    _, writer = await asyncio.open_connection(*await serving.start())
    async with asyncio.timeout(10):
        for path in ("first", "second", "third"):
            writer.write(f"GET /{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await second_is_here.wait()
        writer.transport.abort()
        while serving._server.server_state.connections:
            await asyncio.sleep(0)
        left.set()
        await serving.close()


async def test_garbage_is_refused_and_the_listener_lives_on(listener: tuple[str, int]) -> None:
    await _exchange(listener, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\r\n\r\n")

    assert b"200" in await _exchange(listener, b"GET / HTTP/1.0\r\n\r\n")


async def test_a_taken_port_is_an_os_error(listener: tuple[str, int]) -> None:
    with pytest.raises(OSError, match="in use"):
        await HttpListener(Starlette(), *listener).start()
