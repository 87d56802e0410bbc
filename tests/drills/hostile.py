"""Everybody who wishes the engine ill, each as a coroutine that ends at a deadline. All of it seeded."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import random
import socket
import struct
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import dns.message

from stillup.plan.address import Address
from tests.engine.notify.peers import Script, serving

PATIENCE = 1.0
"""Seconds that a wrongdoer waits for an answer before it does the next wrong thing."""


def mutated(die: random.Random, packet: bytes) -> bytes:
    """The packet with some octets changed, cut, doubled or added."""
    octets = bytearray(packet)
    for _ in range(die.randrange(1, 6)):
        at = die.randrange(len(octets) + 1)
        match die.randrange(4):
            case 0:
                octets[at : at + 1] = die.randbytes(1)
            case 1:
                del octets[at : at + die.randrange(1, 8)]
            case 2:
                octets[at:at] = octets[: die.randrange(1, 16)]
            case _:
                octets[at:at] = die.randbytes(die.randrange(1, 16))
    return bytes(octets)


def dns_packet(die: random.Random, names: list[str]) -> bytes:
    """A query, mostly broken."""
    if die.random() < 0.3:
        return die.randbytes(die.randrange(0, 600))
    query = dns.message.make_query(
        die.choice(names),
        die.choice(["A", "AAAA", "ANY", "TXT", "TYPE65280", "SOA"]),
        use_edns=die.choice([0, False]),
    )
    return mutated(die, query.to_wire())


async def odd_datagrams(die: random.Random, server: Address, names: list[str], until: float) -> None:
    """Broken queries over UDP, each answered or not."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.setblocking(False)
        await loop.sock_connect(ours, (server.host, server.port))
        while loop.time() < until:
            for _ in range(20):
                with contextlib.suppress(OSError):
                    await loop.sock_sendall(ours, dns_packet(die, names))
            with contextlib.suppress(TimeoutError, OSError):
                await asyncio.wait_for(loop.sock_recv(ours, 65535), 0.02)


async def odd_messages(die: random.Random, server: Address, names: list[str], until: float) -> None:
    """Broken queries over TCP, with lengths that lie."""

    def message() -> bytes:
        packet = dns_packet(die, names)
        length = len(packet) if die.random() < 0.7 else die.randrange(65536)
        return struct.pack("!H", length) + packet

    await _pester(die, server, message, until)


async def odd_requests(die: random.Random, server: Address, until: float) -> None:
    """Requests that no client of AWS would make."""
    await _pester(die, server, lambda: _odd_request(die), until)


async def odd_visits(die: random.Random, server: Address, until: float) -> None:
    """Paths that lead nowhere, or shall lead out."""
    paths = [
        "/..%2f..%2fetc/passwd", "/../../etc/passwd", "/%00", "/%ff%fe", "/" + "a/" * 3000, "//", "/%", "/%zz",
        "/?" + "x" * 5000, "*", "/\\..\\..", "/index.html", "/.", "/%2e%2e/%2e%2e/",
    ]  # fmt: skip

    def request() -> bytes:
        headers = die.choice(
            [
                "",
                "Range: bytes=9-1,-,5-",
                "If-Modified-Since: yesterday",
                "Range: bytes=-0",
                "Host: \xff",
                "Host:",
            ]
        )
        path = (
            die.choice(paths)
            if die.random() < 0.8
            else "/" + "".join(map(chr, die.choices(range(33, 255), k=30)))
        )
        method = die.choice(["GET", "HEAD", "POST", "PUT", "OPTIONS", "G@T"])
        return f"{method} {path} HTTP/1.1\r\nHost: www.example.com\r\n{headers}\r\n\r\n".encode("latin-1")

    await _pester(die, server, request, until)


def _odd_request(die: random.Random) -> bytes:
    path = die.choice(
        [
            "/2013-04-01/hostedzone", "/2013-04-01/hostedzone/Z1/rrset/", "/2013-04-01/healthcheck", "/?Action=DescribeInstances",
            "/bucket/key?uploads", "/bucket?website", "/bucket?delete", "/%ff/%00?partNumber=x&uploadId=y", "/", "/bucket/k?x-id=PutObject",
        ]
    )  # fmt: skip
    body = die.choice(
        [
            b"<CreateHostedZoneRequest xmlns='https://route53.amazonaws.com/doc/2013-04-01/'><Name>x</Name>",
            b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            b"<ChangeResourceRecordSetsRequest><ChangeBatch><Changes/></ChangeBatch></ChangeResourceRecordSetsRequest>",
            b"Action=StartInstances&InstanceId.1=i-1&InstanceId.99999999=x&Version=2016-11-15",
            b'{"json": [1, 2',
            b"Action=" + b"%" * 50,
            die.randbytes(200),
        ]
    )
    if die.random() < 0.5:
        body = mutated(die, body)
    headers = die.choice(
        [
            b"", b"Content-Type: application/x-www-form-urlencoded\r\n", b"x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n",
            b"Authorization: AWS4-HMAC-SHA256 Credential=a/b/c/route53/aws4_request\r\n", b"Content-MD5: !!!\r\n",
            b"Authorization: AWS4-HMAC-SHA256 Credential=////\r\n", b"x-amz-checksum-crc32: AAAA\r\n", b"Transfer-Encoding: chunked\r\n",
        ]
    )  # fmt: skip
    method = die.choice(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"]).encode()
    head = b"%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n" % (
        method,
        path.encode(),
        headers,
        len(body),
    )
    return head + body


async def _pester(die: random.Random, server: Address, make: Callable[[], bytes], until: float) -> None:
    loop = asyncio.get_running_loop()
    while loop.time() < until:
        with contextlib.suppress(OSError, TimeoutError):
            reader, writer = await asyncio.open_connection(server.host, server.port)
            try:
                for _ in range(die.randrange(1, 5)):
                    writer.write(make())
                await writer.drain()
                if die.random() < 0.7:
                    writer.write_eof()
                    await asyncio.wait_for(reader.read(4096), PATIENCE)
            finally:
                writer.transport.abort() if die.random() < 0.5 else writer.close()


def hostile_primary(die: random.Random) -> AbstractAsyncContextManager[int]:
    """A primary that answers each connection in another wrong way; its port."""
    ways: list[Script] = [
        _never_ending_header, _slow_body, _wrong_gzip, _garbage, _reset, _silence, _huge_chunk, _continue_for_ever, _decent,
    ]  # fmt: skip

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(die.choice(ways)(reader, writer), 3 * PATIENCE)

    return serving(serve)


async def _never_ending_header(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Filler: " + b"y" * 1000 + b"\r\n")
        await writer.drain()


async def _slow_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nall is w")
    await reader.read()


async def _wrong_gzip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    body = gzip.compress(b"all is well" * 1000)[:-20][::-1]
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )
    await reader.read()


async def _garbage(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x15\x03\x01\x00\x02\x02\x28" * 50)
    await writer.drain()


async def _reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def _silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read(-1)


async def _huge_chunk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n" + b"z" * 100_000
    )
    await reader.read()


async def _continue_for_ever(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()


async def _decent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nall is well")
    await writer.drain()
