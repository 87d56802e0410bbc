"""Record values: Route 53's text, its refusals, and RDATA as dnspython reads it."""

from __future__ import annotations

import dns.rdata
import dns.rdataclass
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stillup.rules.records import RECORD_TYPE_CODES, Rdata, RecordType
from stillup.wire.dns.rdata import InvalidValue, parse_rdata, present_rdata


def valid(record_type: str, text: str) -> Rdata:
    parsed = parse_rdata(RecordType(record_type), text)
    assert isinstance(parsed, Rdata), parsed
    return parsed


# One row per form in DN-5: the type, Route 53's text, what dnspython reads from our RDATA.
VALUES = [
    ("A", "192.0.2.1", "192.0.2.1"),
    ("AAAA", "2001:DB8::1", "2001:db8::1"),
    ("AAAA", "::ffff:192.0.2.1", "::ffff:192.0.2.1"),
    ("CNAME", "www.example.com", "www.example.com."),
    ("CNAME", "www.example.com.", "www.example.com."),
    ("CNAME", r"a\073b.example.com", r"a\;b.example.com."),
    ("CNAME", "a;b.example.com", r"a\;b.example.com."),
    ("CNAME", "a(b).example.com", r"a\(b\).example.com."),
    ("CNAME", "@", r"\@."),
    ("NS", "ns-1.example.com", "ns-1.example.com."),
    ("PTR", "host.example.com.", "host.example.com."),
    ("MX", "10 mail.example.com", "10 mail.example.com."),
    ("MX", "0 .", "0 ."),
    ("SRV", "1 10 5269 xmpp.example.com.", "1 10 5269 xmpp.example.com."),
    (
        "NAPTR",
        r'100 50 "u" "E2U+sip" "!^(\\+441632960083)$!sip:\\1@example.com!" .',
        r'100 50 "u" "E2U+sip" "!^(\\+441632960083)$!sip:\\1@example.com!" .',
    ),
    ("CAA", '0 issue "ca.example.com"', '0 issue "ca.example.com"'),
    ("CAA", '0 iodef "mailto:a@example.com"', '0 iodef "mailto:a@example.com"'),
    ("DS", "123 13 2 " + "ab" * 32, "123 13 2 " + "ab" * 32),
    ("DS", "123 13 2 " + "ab" * 16 + " " + "AB" * 16, "123 13 2 " + "ab" * 32),
    ("SSHFP", "1 1 " + "09F6A01D2175742B257C6B98B7C72C44C4040683", None),
    ("TLSA", "3 1 1 " + "ab" * 32, "3 1 1 " + "ab" * 32),
    ("SVCB", '1 svc.example.com alpn="h2,h3" port=8443', '1 svc.example.com. alpn="h2,h3" port="8443"'),
    ("HTTPS", "0 pool.example.com", "0 pool.example.com."),
    ("HTTPS", "1 . ipv4hint=192.0.2.1", '1 . ipv4hint="192.0.2.1"'),
    (
        "SOA",
        "ns.example.com. host.example.com. 1 7200 900 1209600 86400",
        "ns.example.com. host.example.com. 1 7200 900 1209600 86400",
    ),
    ("TXT", '"one" "two"', '"one" "two"'),
    ("TXT", '"one""two"', '"one" "two"'),
    ("TXT", '""', '""'),
    ("TXT", r'"say \"hi\""', r'"say \"hi\""'),
    ("TXT", r'"a\073b; (c) @ # \\ \000\377"', r'"a;b; (c) @ # \\ \000\255"'),
    ("SPF", '"v=spf1 -all"', '"v=spf1 -all"'),
]


@pytest.mark.parametrize(("record_type", "text", "read"), VALUES)
def test_every_form_of_value_is_read(record_type: str, text: str, read: str | None) -> None:
    """DN-4, DN-5: dnspython reads what we wrote, and the caller's text is kept."""
    rdata = valid(record_type, text)
    seen = dns.rdata.from_wire(
        dns.rdataclass.IN, RecordType(record_type).code, rdata.wire, 0, len(rdata.wire)
    )
    assert rdata.text == text
    if read is not None:
        assert seen.to_text() == read


def test_every_type_has_a_row() -> None:
    assert {record_type for record_type, _, _ in VALUES} == {str(each) for each in RecordType}


REFUSALS = [
    ("A", "999.1.1.1", "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)", "999.1.1.1"),
    ("A", "192.0.2.01", "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)", "192.0.2.01"),
    ("A", "example.com", "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)", "example.com"),
    ("A", "1.1.1.1, 2.2.2.2", "ARRDATANotSingleField (Value contains spaces)", "1.1.1.1, 2.2.2.2"),
    ("A", " 1.1.1.1", "ARRDATANotSingleField (Value contains spaces)", " 1.1.1.1"),
    ("A", '"1.1.1.1"', "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)", '"1.1.1.1"'),
    ("AAAA", "192.0.2.1", "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)", "192.0.2.1"),
    (
        "AAAA",
        "fe80::1%eth0",
        "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)",
        "fe80::1%eth0",
    ),
    ("CNAME", "a..b", "DomainLabelEmpty (Domain label is empty)", "a..b."),
    ("CNAME", "x" * 64, "DomainLabelTooLong (Domain label is too long)", "x" * 64),
    ("CNAME", "a b", "CNAMERRDATANotSingleField (Value contains spaces)", "a b"),
    ("CNAME", "café", "UnsupportedCharacter (Value contains unsupported characters)", "é"),
    ("NS", r"a\400", "InvalidEscape (A backslash must precede an octal code, 000 to 377)", r"\400"),
    ("MX", "mail.example.com", "MXRRDATANotTwoFields (Value must have 2 fields)", "mail.example.com"),
    ("MX", "10 a b", "MXRRDATANotTwoFields (Value must have 2 fields)", "10 a b"),
    ("MX", "70000 a", "MXRRDATAIllegal (70000 is not an unsigned 16-bit integer)", "70000 a"),
    ("SRV", "1 2 a", "SRVRRDATANotFourFields (Value must have 4 fields)", "1 2 a"),
    (
        "CAA",
        "0 issue ca",
        "InvalidCharacterString (Value should be enclosed in quotation marks)",
        "0 issue ca",
    ),
    ("DS", "1 13 2 ab", "DSRRDATAIllegal (digest length inconsistent with digest type)", "1 13 2 ab"),
    ("TXT", "hello", "InvalidCharacterString (Value should be enclosed in quotation marks)", "hello"),
    ("TXT", "", "InvalidCharacterString (Value should be enclosed in quotation marks)", ""),
    ("TXT", '"open', "InvalidCharacterString (Value should be enclosed in quotation marks)", '"open'),
    ("TXT", '"a" b', "InvalidCharacterString (Value should be enclosed in quotation marks)", '"a" b'),
    ("TXT", ' "a"', "InvalidCharacterString (Value should be enclosed in quotation marks)", ' "a"'),
    ("TXT", r'"\999"', "InvalidCharacterString (Value contains an invalid escape sequence)", r'"\999"'),
    ("TXT", '"a\tb"', "UnsupportedCharacter (Value contains unsupported characters)", "\t"),
    ("TXT", f'"{"x" * 256}"', "CharacterStringTooLong (Value is too long)", f'"{"x" * 256}"'),
    ("SPF", "v=spf1", "InvalidCharacterString (Value should be enclosed in quotation marks)", "v=spf1"),
    ("TXT", '"x" ' * 1001, "CharacterStringTooLong (Value is too long)", '"x" ' * 1001),
]


@pytest.mark.parametrize(("record_type", "text", "problem", "found"), REFUSALS)
def test_what_is_wrong_is_said_in_the_words_of_route_53(
    record_type: str, text: str, problem: str, found: str
) -> None:
    """2.7."""
    expected = f"Invalid Resource Record: 'FATAL problem: {problem} encountered with '{found}''"
    assert parse_rdata(RecordType(record_type), text) == InvalidValue(expected)


@pytest.mark.parametrize("octets", [255, 0])
def test_a_string_may_have_255_octets_however_they_are_written(octets: int) -> None:
    assert valid("TXT", f'"{"x" * octets}"').wire == bytes((octets,)) + b"x" * octets
    assert valid("TXT", '"' + r"\170" * octets + '"').wire == bytes((octets,)) + b"x" * octets


def test_a_generic_value_of_rfc_3597_is_not_a_value_of_route_53() -> None:
    assert isinstance(parse_rdata(RecordType.A, r"\# 4 c0000201"), InvalidValue)
    assert isinstance(parse_rdata(RecordType.MX, r"\# 4 c0000201"), InvalidValue)
    assert isinstance(parse_rdata(RecordType.DS, r"\# 4 c0000201"), InvalidValue)


@given(st.sampled_from(RecordType), st.text(max_size=60) | st.text(r"\" 01a.:;()@#,=", max_size=30))
@example(RecordType.SVCB, r"1 . alpn=\\")
@example(RecordType.DS, r"\# 0 0 0")
def test_any_text_is_a_value_or_is_refused(record_type: RecordType, text: str) -> None:
    parsed = parse_rdata(record_type, text)
    if isinstance(parsed, Rdata):
        shown = present_rdata(record_type.code, parsed.wire)
        again = parse_rdata(record_type, shown)
        assert isinstance(again, Rdata)
        assert again.wire == parsed.wire
    else:
        assert parsed.reason.startswith("Invalid Resource Record: 'FATAL problem: ")


@given(st.lists(st.binary(max_size=255), min_size=1, max_size=4))
def test_any_strings_survive_being_shown_and_read_again(strings: list[bytes]) -> None:
    wire = b"".join(bytes((len(each),)) + each for each in strings)
    shown = present_rdata(RECORD_TYPE_CODES[RecordType.TXT], wire)
    if len(shown) <= 4000:
        assert valid("TXT", shown).wire == wire


def test_octets_that_are_no_rdata_are_refused() -> None:
    with pytest.raises(ValueError, match="no RDATA"):
        present_rdata(1, b"\x01\x02")
