"""A packet in, a well-formed packet or silence out, whatever the packet."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.engine.clock import SystemDie
from stillup.engine.dns.counters import DnsCounters
from stillup.engine.dns.responder import Responder
from stillup.rules.resolution import Rcode
from tests.engine.dns.dict_book import ADDRESSES, DictBook


class LoadedDie(SystemDie):
    """Falls as it is told."""

    def __init__(self, fractions: Iterator[float]) -> None:
        super().__init__()
        self._fractions = fractions

    def fraction(self) -> float:
        return next(self._fractions)


def responder(counters: DnsCounters | None = None, die: SystemDie | None = None) -> Responder:
    return Responder(DictBook(), die or SystemDie(), counters or DnsCounters())


def ask(name: str, record_type: str = "A", **options: int) -> bytes:
    return dns.message.make_query(name, record_type, **options).to_wire()


def picked(name: str, fractions: list[float]) -> list[str]:
    """The address in the answer for each throw of the die."""
    under_test = responder(die=LoadedDie(iter(fractions)))
    found = []
    for _ in fractions:
        response = under_test.respond_udp(ask(name))
        assert response is not None
        found.append(dns.message.from_wire(response).answer[0][0].address)
    return found


def test_the_die_picks_among_the_alternatives() -> None:
    assert picked("many.example.com", [0.0, 0.34, 0.99]) == list(ADDRESSES)


def test_the_die_picks_by_weight() -> None:
    """1, 1 and 8."""
    one, two, three = ADDRESSES
    fractions = [0.0, 0.099, 0.1, 0.199, 0.2, 0.5, 0.999]
    assert picked("weighted.example.com", fractions) == [one, one, two, two, three, three, three]


def test_no_die_is_thrown_where_there_is_no_choice() -> None:
    under_test = responder(die=LoadedDie(iter(())))
    assert under_test.respond_udp(ask("www.example.com")) is not None


def test_a_mistake_of_ours_is_servfail_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    counters = DnsCounters()
    under_test = responder(counters)
    for _ in range(3):
        response = under_test.respond_udp(ask("broken.example.com", use_edns=0))
        assert response is not None
        message = dns.message.from_wire(response)
        assert message.rcode() == dns.rcode.SERVFAIL
        assert message.question[0].name.to_text() == "broken.example.com."
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "this book is broken here" in caplog.text
    assert counters.failures == 3


def test_what_is_truncated_over_udp_is_whole_over_tcp() -> None:
    under_test = responder()
    query = ask("big.example.com", "TXT", use_edns=0, payload=65535)
    short, whole = under_test.respond_udp(query), under_test.respond_tcp(query)
    assert short is not None
    assert whole is not None
    assert dns.message.from_wire(short).flags & dns.flags.TC
    assert len(dns.message.from_wire(whole).answer[0]) == 20


def test_the_counters_tell_what_happened() -> None:
    counters = DnsCounters()
    under_test = responder(counters)
    under_test.respond_udp(ask("www.example.com"))
    under_test.respond_udp(ask("big.example.com", "TXT"))
    under_test.respond_tcp(ask("gone.example.com"))
    under_test.respond_udp(ask("example.org"))
    under_test.respond_udp(ask("www.example.com", use_edns=1))
    under_test.respond_udp(b"\0")
    assert (counters.udp_queries, counters.tcp_queries) == (5, 1)
    assert counters.truncated == 1
    assert counters.unanswered == 1
    assert {rcode: count for rcode, count in counters.answers.items() if count} == {
        Rcode.NOERROR: 2,
        Rcode.NXDOMAIN: 1,
        Rcode.REFUSED: 1,
        Rcode.BADVERS: 1,
    }


VALID = [
    ask("www.example.com"),
    ask("one.example.com", use_edns=0, payload=512),
    ask("big.example.com", "TXT", use_edns=0, ednsflags=0x8000),
    ask("example.com", "SOA", use_edns=1),
]


def raise_if_malformed(packet: bytes) -> None:
    """The response, if there is one, is for this packet and dnspython can read it; nothing went wrong."""
    counters = DnsCounters()
    under_test = responder(counters)
    for response in (under_test.respond_udp(packet), under_test.respond_tcp(packet)):
        if response is not None:
            message = dns.message.from_wire(response)
            assert message.flags & dns.flags.QR
            assert response[:2] == packet[:2]
    assert counters.failures == 0


@given(st.binary(max_size=200))
def test_random_octets_get_a_well_formed_response_or_silence(packet: bytes) -> None:
    raise_if_malformed(packet)


@given(st.binary(max_size=64))
def test_random_octets_behind_a_header_get_a_well_formed_response_or_silence(rest: bytes) -> None:
    raise_if_malformed(b"\1\2\1\0\0\1\0\0\0\0\0\1" + rest)


@pytest.mark.slow
@given(
    st.sampled_from(VALID),
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 255)), max_size=5),
    st.integers(0, 20),
    st.binary(max_size=5),
)
def test_mutated_queries_get_a_well_formed_response_or_silence(
    query: bytes, changes: list[tuple[int, int]], cut: int, tail: bytes
) -> None:
    packet = bytearray(query)
    for at, octet in changes:
        packet[at % len(packet)] = octet
    raise_if_malformed(bytes(packet[: len(packet) - cut]) + tail)
