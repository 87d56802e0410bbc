"""CNAME chains within the zone (RFC 1034 §3.6.2, §4.3.2)."""

from __future__ import annotations

import pytest

from stillup.rules.lookup.resolve import LONGEST_CHAIN
from stillup.rules.resolution import Rcode
from tests.asking import ask, lines
from tests.by_hand import PRIMARY, SECONDARY, failover, simple, zone

HOSTED = zone(
    simple("one.example.com", "CNAME", "two.example.com.", ttl=60),
    simple("two.example.com", "CNAME", "end.example.com.", ttl=30),
    simple("end.example.com", "A", "192.0.2.1", "192.0.2.2"),
    simple("out.example.com", "CNAME", "www.example.net."),
    simple("lost.example.com", "CNAME", "nothing.example.com."),
    simple("self.example.com", "CNAME", "self.example.com."),
    simple("ping.example.com", "CNAME", "pong.example.com."),
    simple("pong.example.com", "CNAME", "ping.example.com."),
)
LINKS = ["one.example.com. 60 CNAME two.example.com.", "two.example.com. 30 CNAME end.example.com."]


def test_a_chain_is_followed_to_the_data_of_its_last_name() -> None:
    resolution = ask(HOSTED, "one.example.com", "A")
    assert resolution.rcode is Rcode.NOERROR
    assert lines(resolution.answer) == [
        *LINKS,
        "end.example.com. 300 A 192.0.2.1",
        "end.example.com. 300 A 192.0.2.2",
    ]
    assert lines(resolution.authority) == ["example.com. 172800 NS ns-1.awsdns-1.com."]
    assert len(resolution.reasons) == 3


def test_every_alternative_holds_the_whole_chain() -> None:
    (alternative,) = ask(HOSTED, "one.example.com", "A").alternatives
    assert lines(alternative) == [
        *LINKS,
        "end.example.com. 300 A 192.0.2.2",
        "end.example.com. 300 A 192.0.2.1",
    ]


@pytest.mark.parametrize(
    ("qname", "qtype", "rcode", "answer"),
    [
        ("one.example.com", "AAAA", Rcode.NOERROR, LINKS),
        ("lost.example.com", "A", Rcode.NXDOMAIN, ["lost.example.com. 300 CNAME nothing.example.com."]),
    ],
)
def test_a_chain_without_an_end_says_so_of_its_last_name(
    qname: str, qtype: str, rcode: Rcode, answer: list[str]
) -> None:
    """RFC 2308 §2.1, RFC 6604 §3."""
    resolution = ask(HOSTED, qname, qtype)
    assert (resolution.rcode, lines(resolution.answer)) == (rcode, answer)
    assert lines(resolution.authority)[0].startswith("example.com. 900 SOA ")


def test_a_cname_itself_can_be_asked_for() -> None:
    resolution = ask(HOSTED, "two.example.com", "CNAME")
    assert lines(resolution.answer) == LINKS[1:]
    assert lines(resolution.additional) == [
        "end.example.com. 300 A 192.0.2.1",
        "end.example.com. 300 A 192.0.2.2",
    ]


def test_a_chain_that_leaves_the_zone_stops_there() -> None:
    resolution = ask(HOSTED, "out.example.com", "A")
    assert resolution.rcode is Rcode.NOERROR
    assert lines(resolution.answer) == ["out.example.com. 300 CNAME www.example.net."]
    assert lines(resolution.authority) == ["example.com. 172800 NS ns-1.awsdns-1.com."]


@pytest.mark.parametrize(("qname", "links"), [("self.example.com", 1), ("ping.example.com", 2)])
def test_a_circle_is_shown_once(qname: str, links: int) -> None:
    resolution = ask(HOSTED, qname, "A")
    assert resolution.rcode is Rcode.NOERROR
    assert len(resolution.answer) == links


def test_an_absurdly_long_chain_is_left_to_the_resolver() -> None:
    links = [
        simple(f"n{number}.example.com", "CNAME", f"n{number + 1}.example.com.") for number in range(100)
    ]
    resolution = ask(zone(*links), "n0.example.com", "A")
    assert resolution.rcode is Rcode.NOERROR
    assert len(resolution.answer) == LONGEST_CHAIN


def test_a_cname_can_fail_over() -> None:
    hosted = zone(
        failover(simple("www.example.com", "CNAME", "main.example.com."), PRIMARY, "p"),
        failover(simple("www.example.com", "CNAME", "backup.example.net."), SECONDARY),
        simple("main.example.com", "A", "192.0.2.1"),
    )
    up, down = ask(hosted, "www.example.com", "A"), ask(hosted, "www.example.com", "A", down={"p"})
    assert lines(up.answer)[1:] == ["main.example.com. 300 A 192.0.2.1"]
    assert lines(down.answer) == ["www.example.com. 300 CNAME backup.example.net."]
    assert up.depends_on == down.depends_on == {"p"}
