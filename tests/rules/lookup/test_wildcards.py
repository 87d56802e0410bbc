"""The example of RFC 4592 §2.2.1, with all of its questions, and the corners around it."""

from __future__ import annotations

import pytest

from stillup.rules.resolution import Rcode
from tests.asking import ask, lines, values
from tests.by_hand import PRIMARY, SECONDARY, alias, failover, name, simple, zone

RFC_4592 = zone(
    simple("example", "NS", "ns.example.com.", "ns.example.net.", ttl=3600),
    simple("*.example", "TXT", '"this is a wildcard"', ttl=3600),
    simple("*.example", "MX", "10 host1.example.", ttl=3600),
    simple("sub.*.example", "TXT", '"this is not a wildcard"', ttl=3600),
    simple("host1.example", "A", "192.0.2.1", ttl=3600),
    simple("_ssh._tcp.host1.example", "SRV", "0 0 22 host1.example.", ttl=3600),
    simple("_ssh._tcp.host2.example", "SRV", "0 0 22 host2.example.", ttl=3600),
    simple("subdel.example", "NS", "ns.example.com.", "ns.example.net.", ttl=3600),
    apex="example",
)


@pytest.mark.parametrize(
    ("qname", "qtype", "rcode", "answer"),
    [
        ("host3.example", "MX", Rcode.NOERROR, ["host3.example. 3600 MX 10 host1.example."]),
        ("host3.example", "A", Rcode.NOERROR, []),
        ("foo.bar.example", "TXT", Rcode.NOERROR, ['foo.bar.example. 3600 TXT "this is a wildcard"']),
    ],
)
def test_a_wildcard_answers_for_names_that_do_not_exist(
    qname: str, qtype: str, rcode: Rcode, answer: list[str]
) -> None:
    resolution = ask(RFC_4592, qname, qtype)
    assert (resolution.rcode, lines(resolution.answer)) == (rcode, answer)
    assert resolution.wildcard == name("*.example")
    assert resolution.authoritative


@pytest.mark.parametrize(
    ("qname", "qtype", "rcode", "because"),
    [
        ("host1.example", "MX", Rcode.NOERROR, "host1.example exists"),
        ("sub.*.example", "MX", Rcode.NOERROR, "sub.*.example exists"),
        ("_telnet._tcp.host1.example", "SRV", Rcode.NXDOMAIN, "_tcp.host1.example exists, without data"),
        ("host.subdel.example", "A", Rcode.NOERROR, "subdel.example exists, and is a zone cut"),
        ("ghost.*.example", "MX", Rcode.NXDOMAIN, "*.example exists"),
    ],
)
def test_a_wildcard_answers_for_no_other_name(qname: str, qtype: str, rcode: Rcode, because: str) -> None:
    resolution = ask(RFC_4592, qname, qtype)
    assert (resolution.rcode, resolution.answer) == (rcode, ()), because
    assert resolution.wildcard is None


@pytest.mark.parametrize(
    ("qname", "qtype", "rcode"),
    [
        ("_tcp.host1.example", "SRV", Rcode.NOERROR),
        ("host2.example", "MX", Rcode.NOERROR),
        ("_tcp.host2.example", "ANY", Rcode.NOERROR),
    ],
)
def test_an_empty_non_terminal_exists_without_data(qname: str, qtype: str, rcode: Rcode) -> None:
    resolution = ask(RFC_4592, qname, qtype)
    assert (resolution.rcode, resolution.answer) == (rcode, ())
    assert lines(resolution.authority)[0].startswith("example. 900 SOA ")


def test_the_wildcards_own_name_is_answered_as_it_stands() -> None:
    resolution = ask(RFC_4592, "*.example", "MX")
    assert lines(resolution.answer) == ["\\052.example. 3600 MX 10 host1.example."]
    assert resolution.wildcard is None


def test_an_asterisk_that_is_not_the_whole_leftmost_label_is_a_letter() -> None:
    """NM-4."""
    hosted = zone(simple("*a.example.com", "A", "192.0.2.1"), simple("x.*.b.example.com", "A", "192.0.2.2"))
    assert ask(hosted, "za.example.com", "A").rcode is Rcode.NXDOMAIN
    assert ask(hosted, "x.y.b.example.com", "A").rcode is Rcode.NOERROR
    assert ask(hosted, "x.y.b.example.com", "A").answer == ()
    assert values(ask(hosted, "*a.example.com", "A").answer) == ["192.0.2.1"]


def test_a_wildcard_that_is_an_empty_non_terminal_gives_no_data() -> None:
    hosted = zone(simple("sub.*.example.com", "A", "192.0.2.1"))
    resolution = ask(hosted, "other.example.com", "A")
    assert (resolution.rcode, resolution.answer) == (Rcode.NOERROR, ())
    assert resolution.wildcard == name("*.example.com")


def test_the_closest_wildcard_is_the_only_one_that_counts() -> None:
    hosted = zone(
        simple("*.example.com", "A", "192.0.2.1"),
        simple("*.b.example.com", "TXT", '"closer"'),
    )
    assert values(ask(hosted, "x.a.example.com", "A").answer) == ["192.0.2.1"]
    assert ask(hosted, "x.b.example.com", "A").answer == ()
    assert ask(hosted, "b.example.com", "A").answer == ()


def test_the_apex_itself_is_not_matched() -> None:
    hosted = zone(simple("*.example.com", "A", "192.0.2.1"))
    assert ask(hosted, "example.com", "A").answer == ()


def test_a_wildcard_cname_is_followed_from_the_name_that_was_asked_for() -> None:
    """RFC 4592 §3.3.1."""
    hosted = zone(
        simple("*.example.com", "CNAME", "host.example.com."), simple("host.example.com", "A", "192.0.2.1")
    )
    resolution = ask(hosted, "any.example.com", "A")
    assert lines(resolution.answer) == [
        "any.example.com. 300 CNAME host.example.com.",
        "host.example.com. 300 A 192.0.2.1",
    ]
    assert resolution.wildcard == name("*.example.com")


def test_a_wildcard_fails_over_as_any_name_does() -> None:
    hosted = zone(
        failover(simple("*.example.com", "A", "192.0.2.1"), PRIMARY, "p"),
        failover(alias("*.example.com", "backup.example.com"), SECONDARY),
        simple("backup.example.com", "A", "192.0.2.2", ttl=20),
    )
    assert lines(ask(hosted, "a.example.com", "A").answer) == ["a.example.com. 300 A 192.0.2.1"]
    assert lines(ask(hosted, "a.example.com", "A", down={"p"}).answer) == ["a.example.com. 20 A 192.0.2.2"]


def test_the_longest_name_can_be_asked_for() -> None:
    hosted = zone(simple("*.example.com", "A", "192.0.2.1"))
    longest = ".".join(["x" * 63] * 3 + ["x" * 49, "example.com"])
    assert values(ask(hosted, longest, "A").answer) == ["192.0.2.1"]
