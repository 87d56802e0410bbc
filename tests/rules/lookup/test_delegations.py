"""Delegations: NS records below the apex (RFC 1034 §4.2.1)."""

from __future__ import annotations

import pytest

from stillup.rules.resolution import Rcode
from tests.asking import ask, lines, values
from tests.by_hand import simple, zone

HOSTED = zone(
    simple("sub.example.com", "NS", "ns.sub.example.com.", "ns.other.example.com.", "ns.example.net."),
    simple("sub.example.com", "DS", "12345 13 2 " + "ab" * 32),
    simple("ns.sub.example.com", "A", "192.0.2.53"),
    simple("ns.sub.example.com", "AAAA", "2001:db8::53"),
    simple("ns.other.example.com", "A", "192.0.2.54"),
    simple("www.sub.example.com", "A", "192.0.2.1"),
    simple("deeper.sub.example.com", "NS", "ns.example.net."),
    simple("*.example.com", "A", "192.0.2.99"),
    simple("alias.example.com", "CNAME", "www.sub.example.com."),
)
CUT = [
    "sub.example.com. 300 NS ns.sub.example.com.",
    "sub.example.com. 300 NS ns.other.example.com.",
    "sub.example.com. 300 NS ns.example.net.",
]


@pytest.mark.parametrize(
    ("qname", "qtype"),
    [
        ("sub.example.com", "A"),
        ("sub.example.com", "NS"),
        ("sub.example.com", "SOA"),
        ("sub.example.com", "ANY"),
        ("www.sub.example.com", "A"),
        ("ns.sub.example.com", "A"),
        ("nothing.sub.example.com", "A"),
        ("a.b.c.sub.example.com", "TXT"),
        ("deeper.sub.example.com", "A"),
        ("www.sub.example.com", "DS"),
        ("deeper.sub.example.com", "DS"),
    ],
)
def test_at_and_below_a_cut_the_answer_is_a_referral_with_glue(qname: str, qtype: str) -> None:
    resolution = ask(HOSTED, qname, qtype)
    assert resolution.rcode is Rcode.NOERROR
    assert not resolution.authoritative
    assert resolution.answer == ()
    assert lines(resolution.authority) == CUT
    assert values(resolution.additional) == ["192.0.2.53", "2001:db8::53", "192.0.2.54"]


def test_the_ds_records_of_a_cut_are_the_parents() -> None:
    """RFC 4035 §3.1.4.1."""
    resolution = ask(HOSTED, "sub.example.com", "DS")
    assert resolution.authoritative
    assert values(resolution.answer) == ["12345 13 2 " + "ab" * 32]


def test_that_a_cut_has_no_ds_records_is_the_parents_to_say() -> None:
    resolution = ask(zone(simple("sub.example.com", "NS", "ns.example.net.")), "sub.example.com", "DS")
    assert resolution.authoritative
    assert resolution.rcode is Rcode.NOERROR
    assert lines(resolution.authority)[0].startswith("example.com. 900 SOA ")


def test_a_chain_into_a_delegation_ends_with_the_referral() -> None:
    """Authoritative for its first name (RFC 1035 §4.1.1)."""
    resolution = ask(HOSTED, "alias.example.com", "A")
    assert resolution.authoritative
    assert lines(resolution.answer) == ["alias.example.com. 300 CNAME www.sub.example.com."]
    assert lines(resolution.authority) == CUT


def test_name_servers_elsewhere_need_no_glue() -> None:
    hosted = zone(simple("sub.example.com", "NS", "ns.example.net."))
    assert ask(hosted, "www.sub.example.com", "A").additional == ()
