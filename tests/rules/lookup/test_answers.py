"""Positive and negative answers for names of the zone, and what stands beside them (2.11)."""

from __future__ import annotations

import pytest

from stillup.rules.resolution import Rcode, RoutingRule
from tests.asking import ask, lines, values
from tests.by_hand import multivalue, name, simple, zone

HOSTED = zone(
    simple("example.com", "MX", "10 mail.example.com.", "20 mail.example.net."),
    simple("www.example.com", "A", "192.0.2.1", "192.0.2.2", "192.0.2.3"),
    simple("www.example.com", "TXT", '"hello"'),
    simple("mail.example.com", "A", "192.0.2.25", ttl=60),
    simple("mail.example.com", "AAAA", "2001:db8::25", ttl=60),
    simple("_imap._tcp.example.com", "SRV", "0 1 143 mail.example.com."),
)
NS_LINE = "example.com. 172800 NS ns-1.awsdns-1.com."
SOA_LINE = "example.com. 900 SOA ns-1.awsdns-1.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"


def test_a_success_is_authoritative_and_names_the_zones_servers() -> None:
    """DN-2."""
    resolution = ask(HOSTED, "www.example.com", "TXT")
    assert resolution.rcode is Rcode.NOERROR
    assert resolution.authoritative
    assert lines(resolution.answer) == ['www.example.com. 300 TXT "hello"']
    assert lines(resolution.authority) == [NS_LINE]
    assert resolution.additional == ()
    assert resolution.reasons[0].rule is RoutingRule.SIMPLE


@pytest.mark.parametrize(
    ("qname", "qtype", "rcode"),
    [
        ("www.example.com", "AAAA", Rcode.NOERROR),
        ("www.example.com", "CNAME", Rcode.NOERROR),
        ("www.example.com", "LOC", Rcode.NOERROR),
        ("www.example.com", 65280, Rcode.NOERROR),
        ("example.com", "DS", Rcode.NOERROR),
        ("nothing.example.com", "A", Rcode.NXDOMAIN),
        ("below.www.example.com", "A", Rcode.NXDOMAIN),
        ("nothing.example.com", "ANY", Rcode.NXDOMAIN),
    ],
)
def test_a_negative_answer_holds_the_soa_and_nothing_else(qname: str, qtype: str | int, rcode: Rcode) -> None:
    """DN-3; RFC 2308 §2."""
    resolution = ask(HOSTED, qname, qtype)
    assert resolution.rcode is rcode
    assert resolution.authoritative
    assert resolution.answer == ()
    assert lines(resolution.authority) == [SOA_LINE]
    assert resolution.additional == ()


@pytest.mark.parametrize(
    ("soa_ttl", "minimum", "negative_ttl"), [(900, 86400, 900), (900, 60, 60), (60, 60, 60), (0, 300, 0)]
)
def test_the_ttl_of_a_negative_answer_is_the_lesser_of_the_soas_ttl_and_its_minimum(
    soa_ttl: int, minimum: int, negative_ttl: int
) -> None:
    """RFC 2308 §5; HZ-2."""
    soa = simple("example.com", "SOA", f"ns.example.net. root.example.net. 1 2 3 4 {minimum}", ttl=soa_ttl)
    hosted = zone(soa)
    assert ask(hosted, "nothing.example.com", "A").authority[0].ttl == negative_ttl
    assert ask(hosted, "example.com", "SOA").answer[0].ttl == soa_ttl


@pytest.mark.parametrize(
    ("qname", "qtype", "beside"),
    [
        (
            "example.com",
            "MX",
            ["mail.example.com. 60 A 192.0.2.25", "mail.example.com. 60 AAAA 2001:db8::25"],
        ),
        (
            "_imap._tcp.example.com",
            "SRV",
            ["mail.example.com. 60 A 192.0.2.25", "mail.example.com. 60 AAAA 2001:db8::25"],
        ),
        ("www.example.com", "A", []),
    ],
)
def test_the_zones_addresses_of_targets_stand_beside_the_answer(
    qname: str, qtype: str, beside: list[str]
) -> None:
    """DN-2."""
    assert lines(ask(HOSTED, qname, qtype).additional) == beside


def test_addresses_of_name_servers_within_the_zone_stand_beside_every_success() -> None:
    hosted = zone(
        simple("example.com", "NS", "ns.example.com.", "ns.example.net."),
        simple("ns.example.com", "A", "192.0.2.53"),
        simple("ns.example.com", "AAAA", "2001:db8::53"),
    )
    assert values(ask(hosted, "example.com", "NS").additional) == ["192.0.2.53", "2001:db8::53"]
    own = ask(hosted, "ns.example.com", "A")
    assert values(own.answer) == ["192.0.2.53"]
    assert values(own.additional) == ["2001:db8::53"], "what is in the answer is not repeated"


def test_the_apexs_ns_records_are_not_given_twice() -> None:
    resolution = ask(HOSTED, "example.com", "NS")
    assert lines(resolution.answer) == [NS_LINE]
    assert resolution.authority == ()


def test_a_null_mx_has_no_addresses() -> None:
    """RFC 7505."""
    assert ask(zone(simple("example.com", "MX", "0 .")), "example.com", "MX").additional == ()


@pytest.mark.parametrize(
    ("qname", "types"), [("www.example.com", ["A"]), ("example.com", ["MX"]), ("_tcp.example.com", [])]
)
def test_any_is_answered_with_one_type_of_the_name(qname: str, types: list[str]) -> None:
    """RFC 8482 §4.1; the first type in the order of ListResourceRecordSets."""
    answer = lines(ask(HOSTED, qname, "ANY").answer)
    assert list(dict.fromkeys(line.split()[2] for line in answer)) == types


def test_any_at_a_cname_is_the_cname() -> None:
    hosted = zone(simple("a.example.com", "CNAME", "www.example.com."))
    assert lines(ask(hosted, "a.example.com", "ANY").answer) == ["a.example.com. 300 CNAME www.example.com."]


def test_each_value_of_a_simple_record_set_leads_one_of_the_alternatives() -> None:
    resolution = ask(HOSTED, "www.example.com", "A")
    answers = [values(answer) for answer in (resolution.answer, *resolution.alternatives)]
    assert sorted(answer[0] for answer in answers) == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    assert all(set(answer) == {"192.0.2.1", "192.0.2.2", "192.0.2.3"} for answer in answers)


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 15, 16, 17, 400])
def test_a_large_record_set_has_a_bounded_number_of_alternatives(count: int) -> None:
    texts = [f"10.0.{number // 250}.{number % 250}" for number in range(count)]
    resolution = ask(zone(simple("www.example.com", "A", *texts)), "www.example.com", "A")
    answers = [values(answer) for answer in (resolution.answer, *resolution.alternatives)]
    assert min(count, 4) <= len(answers) <= 8
    assert len({tuple(answer) for answer in answers}) == len(answers)
    assert all(sorted(answer) == sorted(texts) for answer in answers)


def test_one_value_has_no_alternatives() -> None:
    assert ask(HOSTED, "www.example.com", "TXT").alternatives == ()


def test_a_multivalue_answer_has_one_ttl_and_no_value_twice() -> None:
    """RFC 2181 §5 and §5.2."""
    members = (
        multivalue("m.example.com", "A", "192.0.2.1", "a"),
        multivalue("m.example.com", "A", "192.0.2.2", "b"),
    )
    hosted = zone(*members, simple("other.example.com", "A", "192.0.2.1"))
    (rrset,) = ask(hosted, "m.example.com", "A").answer
    assert sorted(values([rrset])) == ["192.0.2.1", "192.0.2.2"]
    resolution = ask(hosted, "m.example.com", "A", down={"a"})
    assert values(resolution.answer) == ["192.0.2.2"]
    assert resolution.depends_on == {"a", "b"}
    assert resolution.reasons[0].unhealthy == ("a",)


def test_a_name_is_asked_for_in_any_case() -> None:
    assert name("WWW.Example.COM") == name("www.example.com")
    assert ask(HOSTED, "WWW.Example.COM", "TXT").answer
