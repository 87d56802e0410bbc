"""DNS over TCP (RFC 7766), and those who abuse it."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import dns.asyncquery
import dns.message
import pytest

from stillup.engine.clock import SystemDie
from stillup.engine.dns.server import DnsServer
from tests.engine.dns.dict_book import DictBook

SOON = 5


def framed(name: str = "www.example.com", record_type: str = "A", number: int = 1) -> bytes:
    octets = dns.message.make_query(name, record_type, id=number).to_wire()
    return len(octets).to_bytes(2, "big") + octets


async def read_message(reader: asyncio.StreamReader) -> dns.message.Message:
    async with asyncio.timeout(SOON):
        length = int.from_bytes(await reader.readexactly(2), "big")
        return dns.message.from_wire(await reader.readexactly(length))


async def raise_unless_closed(reader: asyncio.StreamReader) -> None:
    """Closed or reset, soon, and without another octet."""
    async with asyncio.timeout(SOON):
        try:
            assert await reader.read() == b""
        except ConnectionResetError:
            return


async def until(claim: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not claim():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


@asynccontextmanager
async def serving(
    *, idle_timeout: float = 10, max_connections: int = 1000
) -> AsyncIterator[tuple[DnsServer, int]]:
    server = DnsServer(DictBook(), SystemDie(), idle_timeout=idle_timeout, max_connections=max_connections)
    [(_, port)] = await server.start([("127.0.0.1", 0)])
    try:
        yield server, port
    finally:
        await server.close()


@pytest.mark.slow
async def test_queries_in_one_segment_are_all_answered(port: int) -> None:
    async with connected(port) as (reader, writer):
        writer.write(b"".join(framed(number=number) for number in range(500)))
        assert [(await read_message(reader)).id for _ in range(500)] == list(range(500))


async def test_a_query_that_arrives_octet_by_octet_is_answered(port: int) -> None:
    async with connected(port) as (reader, writer):
        for octet in framed() + framed(number=2):
            writer.write(bytes((octet,)))
            await writer.drain()
        assert [(await read_message(reader)).id for _ in range(2)] == [1, 2]


async def test_a_connection_is_kept_for_the_next_query(port: int) -> None:
    async with connected(port) as (reader, writer):
        for number in range(3):
            writer.write(framed(number=number))
            assert (await read_message(reader)).id == number


async def test_whoever_ends_its_own_side_gets_all_its_answers_first(port: int) -> None:
    async with connected(port) as (reader, writer):
        writer.write(b"".join(framed(number=number) for number in range(200)))
        writer.write_eof()
        assert [(await read_message(reader)).id for _ in range(200)] == list(range(200))
        await raise_unless_closed(reader)


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"\0\0", id="no octets"),
        pytest.param(b"\0\5hello", id="less than a header"),
        pytest.param(b"\0\x0c\1\1\x81\0" + bytes(8), id="a response"),
    ],
)
async def test_what_deserves_no_answer_closes_the_connection_after_the_answers_before_it(
    port: int, octets: bytes
) -> None:
    async with connected(port) as (reader, writer):
        writer.write(framed() + octets)
        assert (await read_message(reader)).id == 1
        await raise_unless_closed(reader)


async def test_another_protocol_is_a_message_that_never_comes_to_its_end() -> None:
    async with serving(idle_timeout=0.2) as (_, port), connected(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await raise_unless_closed(reader)


@pytest.mark.slow
async def test_the_idle_are_closed_and_the_busy_are_kept() -> None:
    async with (
        serving(idle_timeout=0.3) as (server, port),
        connected(port) as (idle, _),
        connected(port) as (busy, writer),
    ):
        closed = asyncio.create_task(raise_unless_closed(idle))
        number = 0
        while not closed.done():
            number += 1
            writer.write(framed(number=number))
            assert (await read_message(busy)).id == number
        await closed
        assert server.counters.connections == 1


async def test_octets_without_a_whole_query_do_not_count_as_busy() -> None:
    async with serving(idle_timeout=0.2) as (_, port), connected(port) as (reader, writer):
        closed = asyncio.create_task(raise_unless_closed(reader))
        drip = iter(b"\x40\0" + bytes(0x4000))
        while not closed.done():
            writer.write(bytes((next(drip),)))
            await asyncio.sleep(0.01)
        await closed


@pytest.mark.slow
async def test_a_client_that_never_reads_is_not_read_from_and_is_cut_off() -> None:
    async with serving(idle_timeout=0.5) as (server, port):
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            client.setblocking(False)
            query = framed("big.example.com", "TXT")
            sent = 0
            loop = asyncio.get_running_loop()
            with pytest.raises((TimeoutError, ConnectionError)):
                async with asyncio.timeout(SOON):
                    while True:
                        await loop.sock_sendall(client, query * 100)
                        sent += 100
            await until(lambda: server.counters.connections == 0)
        answered = server.counters.tcp_queries
        assert answered < sent + 100


async def test_a_reset_in_the_middle_of_answers_disturbs_nobody(
    port: int, server: DnsServer, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(framed("big.example.com", "TXT") * 100)
            await asyncio.sleep(0)
    await until(lambda: server.counters.connections == 0)
    response = await dns.asyncquery.tcp(
        dns.message.make_query("www.example.com", "A"), "127.0.0.1", port=port, timeout=SOON
    )
    assert response.answer
    assert caplog.records == []


async def test_a_full_house_shows_the_longest_idle_out() -> None:
    async with serving(max_connections=3) as (server, port):
        clients = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        for number, (reader, writer) in enumerate(clients):
            writer.write(framed(number=number))
            await read_message(reader)
        first_reader, first_writer = clients[0]
        first_writer.write(framed())
        await read_message(first_reader)
        async with connected(port) as (reader, writer):
            writer.write(framed(number=9))
            assert (await read_message(reader)).id == 9
            await raise_unless_closed(clients[1][0])
            assert server.counters.connections == 3
            first_writer.write(framed(number=8))
            assert (await read_message(first_reader)).id == 8
        for _, writer in clients:
            writer.transport.abort()


@pytest.mark.slow
async def test_of_1001_connections_1000_stay(port: int, server: DnsServer) -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2500
    if limits[1] < wanted:
        pytest.skip(f"needs {wanted} open files, the system allows {limits[1]}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(limits[0], wanted), limits[1]))
    clients = []
    try:
        for _ in range(1001):
            client = socket.create_connection(("127.0.0.1", port))
            clients.append(client)
            if len(clients) % 50 == 0:
                await until(lambda: server.counters.connections == min(len(clients), 1000))
        clients[0].setblocking(False)
        async with asyncio.timeout(SOON):
            assert await asyncio.get_running_loop().sock_recv(clients[0], 1) == b""
        assert server.counters.connections == 1000
        response = await dns.asyncquery.tcp(
            dns.message.make_query("www.example.com", "A"), "127.0.0.1", port=port, timeout=SOON
        )
        assert response.answer
    finally:
        for client in clients:
            client.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


async def test_closing_the_server_closes_its_connections() -> None:
    async with serving() as (server, port), connected(port) as (reader, writer):
        writer.write(framed())
        await read_message(reader)
        await server.close()
        await raise_unless_closed(reader)
