"""The server over its sockets: UDP and TCP, IPv4 and IPv6, one address and all of them."""

from __future__ import annotations

import asyncio
import random
import socket

import dns.asyncquery
import dns.flags
import dns.message
import dns.rcode
import pytest

from stillup.engine.dns.counters import DnsCounters
from stillup.engine.dns.server import DnsServer
from stillup.engine.dns.udp import UdpListener

WWW = dns.message.make_query("www.example.com", "A", use_edns=0)


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")


@pytest.mark.parametrize("address", ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
async def test_a_query_is_answered_over_udp_and_tcp(server: DnsServer, address: str) -> None:
    [(host, port)] = await server.start([(address, 0)])
    assert host == address
    over_udp = await dns.asyncquery.udp(WWW, address, port=port, timeout=5)
    over_tcp = await dns.asyncquery.tcp(WWW, address, port=port, timeout=5)
    assert over_udp == over_tcp
    assert over_udp.answer[0].to_text() == "www.example.com. 60 IN A 203.0.113.10"


@pytest.mark.parametrize(
    ("wildcard", "asked"),
    [
        ("0.0.0.0", "127.0.0.1"),
        ("0.0.0.0", "127.9.8.7"),
        pytest.param("::", "::1", marks=needs_ipv6),
    ],
)
async def test_a_wildcard_address_answers_from_the_address_that_was_asked(
    server: DnsServer, wildcard: str, asked: str
) -> None:
    """dnspython refuses a response from any other address."""
    [(_, port)] = await server.start([(wildcard, 0)])
    response = await dns.asyncquery.udp(WWW, asked, port=port, timeout=5)
    assert response.rcode() == dns.rcode.NOERROR


@needs_ipv6
async def test_both_wildcards_share_a_port(server: DnsServer) -> None:
    [(_, port)] = await server.start([("0.0.0.0", 0)])
    await server.start([("::", port)])
    for address in ("127.0.0.1", "::1"):
        response = await dns.asyncquery.udp(WWW, address, port=port, timeout=5)
        assert response.rcode() == dns.rcode.NOERROR


async def test_several_addresses_are_answered_at_once(server: DnsServer) -> None:
    bound = await server.start([("127.0.0.1", 0), ("127.0.0.2", 0)])
    for host, port in bound:
        response = await dns.asyncquery.udp(WWW, host, port=port, timeout=5)
        assert response.rcode() == dns.rcode.NOERROR


async def test_a_taken_port_refuses_the_start_and_leaves_nothing_open(server: DnsServer) -> None:
    # Where no other program takes ports meanwhile, as it may on 127.0.0.1.
    first, second = "127.77.0.1", "127.77.0.2"
    with socket.socket(type=socket.SOCK_DGRAM) as other:
        other.bind((second, 0))
        taken = other.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            await server.start([(first, taken), (second, taken)])
    await server.start([(first, taken), (second, taken)])


async def test_a_name_is_no_address(server: DnsServer) -> None:
    with pytest.raises(OSError):
        await server.start([("localhost", 0)])


async def test_a_closed_server_leaves_its_port_free_and_can_start_again(server: DnsServer, port: int) -> None:
    await dns.asyncquery.tcp(WWW, "127.0.0.1", port=port, timeout=5)
    await server.close()
    await server.start([("127.0.0.1", port)])
    await dns.asyncquery.udp(WWW, "127.0.0.1", port=port, timeout=5)


async def test_a_truncated_answer_is_fetched_over_tcp(port: int) -> None:
    query = dns.message.make_query("big.example.com", "TXT", use_edns=0, payload=4096)
    truncated = await dns.asyncquery.udp(query, "127.0.0.1", port=port, timeout=5)
    assert truncated.flags & dns.flags.TC
    response, over_tcp = await dns.asyncquery.udp_with_fallback(query, "127.0.0.1", port=port, timeout=5)
    assert over_tcp
    assert len(response.answer[0]) == 20


@pytest.mark.parametrize(("payload", "truncated"), [(None, True), (512, True), (1232, False), (4096, False)])
async def test_the_buffer_of_the_client_bounds_the_answer(
    port: int, payload: int | None, truncated: bool
) -> None:
    query = dns.message.make_query("middle.example.com", "TXT", use_edns=payload is not None, payload=payload)
    response = await dns.asyncquery.udp(query, "127.0.0.1", port=port, timeout=5)
    assert bool(response.flags & dns.flags.TC) is truncated


async def test_many_clients_at_once_each_get_their_own_answer(port: int) -> None:
    async def ask(number: int) -> str:
        query = dns.message.make_query(f"gone{number}.example.com", "A", id=number)
        response = await dns.asyncquery.udp(query, "127.0.0.1", port=port, timeout=5)
        return response.question[0].name.to_text()

    names = await asyncio.gather(*(ask(number) for number in range(100)))
    assert names == [f"gone{number}.example.com." for number in range(100)]


@pytest.mark.slow
async def test_garbage_neither_stops_the_server_nor_reaches_the_log(
    port: int, server: DnsServer, caplog: pytest.LogCaptureFixture
) -> None:
    dice = random.Random(4711)
    valid = WWW.to_wire()
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.connect(("127.0.0.1", port))
        for _ in range(2000):
            packet = bytearray(valid if dice.random() < 0.7 else dice.randbytes(dice.randrange(64)))
            for _ in range(dice.randrange(4)):
                if packet:
                    packet[dice.randrange(len(packet))] = dice.randrange(256)
            client.send(packet)
            await asyncio.sleep(0)
    response = await dns.asyncquery.udp(WWW, "127.0.0.1", port=port, timeout=5)
    assert response.rcode() == dns.rcode.NOERROR
    assert server.counters.failures == 0
    assert caplog.records == []


async def test_a_response_that_cannot_be_sent_is_counted_and_the_next_one_is_sent() -> None:
    counters = DnsCounters()
    bound = socket.socket(type=socket.SOCK_DGRAM)
    bound.bind(("127.0.0.1", 0))
    responses = {b"first": bytes(70_000), b"second": b"sent"}
    listener = UdpListener(bound, responses.get, counters)
    listener.start()
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.setblocking(False)
        for query in responses:
            client.sendto(query, bound.getsockname())
        async with asyncio.timeout(5):
            assert await asyncio.get_running_loop().sock_recv(client, 100) == b"sent"
    assert counters.undelivered == 1
    listener.close()
