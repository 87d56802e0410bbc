"""What is sent for a resolution; dnspython reads it back."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.name
import dns.rdata
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.names import ROOT, DomainName
from stillup.rules.resolution import Rcode, Resolution, RRset
from stillup.wire.dns.answer import assemble_failure, assemble_response, render
from stillup.wire.dns.edns import UDP_PAYLOAD, Edns, largest_udp
from stillup.wire.dns.question import Question, parse_question

WWW = DomainName.from_text("www.example.com")


def rrset(name: str, record_type: str, *values: str, ttl: int = 60) -> RRset:
    rdata = tuple(dns.rdata.from_text("IN", record_type, value).to_wire() for value in values)
    return RRset(DomainName.from_text(name), dns.rdatatype.from_text(record_type), ttl, rdata)


def ask(name: str = "www.example.com", record_type: str = "A", **options: int | bool) -> Question:
    question = parse_question(dns.message.make_query(name, record_type, id=7, **options).to_wire())
    assert isinstance(question, Question)
    return question


A = rrset("www.example.com", "A", "203.0.113.10")
NS = rrset("example.com", "NS", "ns1.example.com.", "ns2.example.net.")
SOA = rrset("example.com", "SOA", "ns1.example.com. hostmaster.example.com. 1 7200 900 1209600 86400")
GLUE = rrset("ns1.example.com", "A", "192.0.2.53")
LONG = rrset("www.example.com", "TXT", *(f'"{"x" * 200}{n}"' for n in range(5)))


def section(records: list[dns.rrset.RRset]) -> list[tuple[dns.name.Name, int, int, dns.rdata.Rdata]]:
    return [(one.name, one.rdtype, one.ttl, rdata) for one in records for rdata in one]


def expected(rrsets: tuple[RRset, ...]) -> list[tuple[dns.name.Name, int, int, dns.rdata.Rdata]]:
    return [
        (
            dns.name.from_wire(one.name.to_wire(), 0)[0],
            one.type,
            one.ttl,
            dns.rdata.from_wire("IN", one.type, octets, 0, len(octets)),
        )
        for one in rrsets
        for octets in one.rdata
    ]


def test_a_response_copies_id_question_and_rd_and_claims_authority() -> None:
    query = ask("WwW.eXaMpLe.CoM")
    response = assemble_response(query, render(Resolution(Rcode.NOERROR, answer=(A,)), WWW), max_size=512)
    message = dns.message.from_wire(response)
    assert message.id == 7
    assert message.flags == dns.flags.QR | dns.flags.AA | dns.flags.RD
    assert b"WwW\x07eXaMpLe\x03CoM" in response
    assert section(message.answer) == expected((A,))


@pytest.mark.parametrize("edns", [-1, 0])
@pytest.mark.parametrize("desired", [False, True])
def test_rd_and_edns_are_echoed_each_by_itself(desired: bool, edns: int) -> None:
    query = ask(use_edns=edns, flags=dns.flags.RD if desired else 0)
    rendered = render(Resolution(Rcode.NOERROR, answer=(A,), authority=(NS,), additional=(GLUE,)), WWW)
    message = dns.message.from_wire(assemble_response(query, rendered, max_size=512))
    assert message.flags == dns.flags.QR | dns.flags.AA | (dns.flags.RD if desired else 0)
    assert message.edns == edns
    assert section(message.answer) == expected((A,))
    assert section(message.authority) == expected((NS,))
    assert section(message.additional) == expected((GLUE,))


def test_owner_names_equal_to_the_question_are_a_pointer_to_it() -> None:
    rendered = render(Resolution(Rcode.NOERROR, answer=(A,)), WWW)
    assert rendered.variants[0].records[:2] == b"\xc0\x0c"
    assert len(rendered.variants[0].records) == 2 + 10 + 4


def test_the_upper_case_of_rdata_compresses_like_lower_case() -> None:
    mx = RRset(WWW, 15, 60, (b"\0\5\4mail\7EXAMPLE\3com\0",))
    rendered = render(Resolution(Rcode.NOERROR, answer=(mx,)), WWW)
    assert rendered.variants[0].records.endswith(b"\0\5\4mail\xc0\x10")


def test_the_root_is_written_out() -> None:
    mx = RRset(ROOT, 15, 60, (b"\0\0\0",))
    rendered = render(Resolution(Rcode.NOERROR, answer=(mx,)), ROOT)
    response = assemble_response(ask(".", "MX"), rendered, max_size=512)
    assert section(dns.message.from_wire(response).answer) == expected((mx,))


def test_each_alternative_is_a_variant() -> None:
    other = rrset("www.example.com", "A", "203.0.113.11", "203.0.113.12")
    rendered = render(Resolution(Rcode.NOERROR, answer=(A,), authority=(NS,), alternatives=((other,),)), WWW)
    assert len(rendered.variants) == 2
    message = dns.message.from_wire(assemble_response(ask(), rendered, variant=1, max_size=512))
    assert section(message.answer) == expected((other,))
    assert section(message.authority) == expected((NS,))


def test_weights_become_bounds_between_the_variants() -> None:
    alternatives = tuple((rrset("www.example.com", "A", f"203.0.113.{n}"),) for n in (11, 12))
    rendered = render(
        Resolution(Rcode.NOERROR, answer=(A,), alternatives=alternatives, weights=(1, 4, 3)), WWW
    )
    assert rendered.bounds == (1 / 8, 5 / 8)
    assert render(Resolution(Rcode.NOERROR, answer=(A,), alternatives=alternatives), WWW).bounds == ()


@pytest.mark.parametrize("dnssec_ok", [False, True])
def test_a_query_with_edns_gets_our_opt_with_its_do(dnssec_ok: bool) -> None:
    rendered = render(Resolution(Rcode.NXDOMAIN, authority=(SOA,)), WWW)
    query = ask(use_edns=0, payload=4096, want_dnssec=dnssec_ok)
    message = dns.message.from_wire(assemble_response(query, rendered, max_size=1232))
    assert message.rcode() == Rcode.NXDOMAIN
    assert (message.edns, message.payload, message.options) == (0, UDP_PAYLOAD, ())
    assert bool(message.ednsflags & dns.flags.DO) is dnssec_ok


def test_a_query_without_edns_gets_no_opt() -> None:
    rendered = render(Resolution(Rcode.NXDOMAIN, authority=(SOA,)), WWW)
    assert dns.message.from_wire(assemble_response(ask(), rendered, max_size=512)).edns == -1


@pytest.mark.parametrize(
    ("edns", "octets"),
    [
        (None, 512),
        (Edns(512, False), 512),
        (Edns(1000, False), 1000),
        (Edns(1232, False), 1232),
        (Edns(4096, False), 1232),
    ],
)
def test_udp_responses_are_as_large_as_the_client_takes_up_to_1232(edns: Edns | None, octets: int) -> None:
    assert largest_udp(edns) == octets


POSITIVE = Resolution(Rcode.NOERROR, answer=(A,), authority=(NS,), additional=(GLUE,))
REFERRAL = Resolution(Rcode.NOERROR, authoritative=False, authority=(NS,), additional=(GLUE,))
CHAIN_TO_NOTHING = Resolution(
    Rcode.NXDOMAIN,
    answer=(rrset("www.example.com", "CNAME", "gone.example.com."),),
    authority=(SOA,),
    additional=(GLUE,),
)


@pytest.mark.parametrize(
    ("resolution", "sections"),
    [
        (POSITIVE, [(3, False), (2, False), (1, False), (0, True)]),
        (REFERRAL, [(3, False), (0, True)]),
        (CHAIN_TO_NOTHING, [(3, False), (2, False), (0, True)]),
    ],
)
def test_what_does_not_fit_is_dropped_in_this_order(
    resolution: Resolution, sections: list[tuple[int, bool]]
) -> None:
    rendered = render(resolution, WWW)
    query = ask(use_edns=0)
    size = 65535
    for kept, truncated in sections:
        response = assemble_response(query, rendered, max_size=size)
        message = dns.message.from_wire(response)
        whole = (resolution.answer, resolution.authority, resolution.additional)
        found = (message.answer, message.authority, message.additional)
        for index, (wanted, got) in enumerate(zip(whole, found, strict=True)):
            assert section(got) == (expected(wanted) if index < kept else [])
        assert bool(message.flags & dns.flags.TC) is truncated
        assert message.edns == 0
        assert assemble_response(query, rendered, max_size=len(response)) == response
        size = len(response) - 1


def test_an_answer_that_does_not_fit_is_truncated_to_nothing_and_whole_over_tcp() -> None:
    rendered = render(Resolution(Rcode.NOERROR, answer=(LONG,), authority=(NS,)), WWW)
    query = ask(record_type="TXT")
    short = dns.message.from_wire(assemble_response(query, rendered, max_size=512))
    assert (short.answer, short.authority) == ([], [])
    assert short.flags & dns.flags.TC
    whole = dns.message.from_wire(assemble_response(query, rendered, max_size=65535))
    assert section(whole.answer) == expected((LONG,))


@pytest.mark.slow
def test_names_beyond_the_reach_of_pointers_are_written_out() -> None:
    far = rrset("www.example.com", "MX", *(f"{n} host{n}.mail{n % 7}.example.net." for n in range(2000)))
    response = assemble_response(
        ask(record_type="MX"), render(Resolution(Rcode.NOERROR, answer=(far,)), WWW), max_size=65535
    )
    assert len(response) > 0x4000
    assert section(dns.message.from_wire(response).answer) == expected((far,))


@pytest.mark.parametrize("rcode", [Rcode.SERVFAIL, Rcode.REFUSED])
def test_a_failure_is_a_question_and_an_rcode(rcode: Rcode) -> None:
    message = dns.message.from_wire(assemble_failure(ask("Example.ORG", use_edns=0), rcode))
    assert message.rcode() == rcode
    assert message.flags == dns.flags.QR | dns.flags.RD | rcode
    assert message.question[0].name == dns.name.from_text("example.org")
    assert message.edns == 0


hosts = st.sampled_from(
    [
        "",
        "example.com.",
        "www.example.com.",
        "WWW.Example.com.",
        "a.www.example.com.",
        "b.example.net.",
        "com.",
    ]
).map(lambda text: text or ".")
numbers = st.integers(0, 65535)
values = st.one_of(
    st.tuples(st.just("A"), st.ip_addresses(v=4).map(str)),
    st.tuples(st.just("AAAA"), st.ip_addresses(v=6).map(str)),
    st.tuples(st.just("NS"), hosts),
    st.tuples(st.just("CNAME"), hosts),
    st.tuples(st.just("PTR"), hosts),
    st.tuples(st.just("MX"), st.builds("{} {}".format, numbers, hosts)),
    st.tuples(st.just("SRV"), st.builds("{} {} {} {}".format, numbers, numbers, numbers, hosts)),
    st.tuples(st.just("SOA"), st.builds("{} {} {} 1 2 3 4".format, hosts, hosts, numbers)),
    st.tuples(st.just("TXT"), st.text("abc", max_size=200).map('"{}"'.format)),
    st.tuples(st.just("CAA"), st.just('0 issue "example.com"')),
)
rrsets = st.builds(
    lambda name, value, ttl: rrset(name, *value, ttl=ttl), hosts, values, st.integers(0, 2**31 - 1)
)
sections = st.lists(rrsets, max_size=4).map(tuple)


@pytest.mark.slow
@given(hosts, sections, sections, sections, st.booleans())
def test_dnspython_reads_what_was_rendered(
    qname: str,
    answer: tuple[RRset, ...],
    authority: tuple[RRset, ...],
    additional: tuple[RRset, ...],
    authoritative: bool,
) -> None:
    resolution = Resolution(
        Rcode.NOERROR,
        authoritative=authoritative,
        answer=answer,
        authority=authority,
        additional=additional,
    )
    rendered = render(resolution, DomainName.from_text(qname))
    response = assemble_response(ask(qname, use_edns=0), rendered, max_size=65535)
    message = dns.message.from_wire(response, one_rr_per_rrset=True)
    assert section(message.answer) == expected(answer)
    assert section(message.authority) == expected(authority)
    assert section(message.additional) == expected(additional)
    assert bool(message.flags & dns.flags.AA) is authoritative
