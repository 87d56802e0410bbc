"""Domain names: text, wire, kinship and order."""

from __future__ import annotations

import dns.name
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stillup.rules.names import ROOT, DomainName, InvalidName

LABELS = st.binary(min_size=1, max_size=20)
NAMES = st.lists(LABELS, max_size=6).map(lambda labels: DomainName(tuple(labels)))


def name(text: str) -> DomainName:
    return DomainName.from_text(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("example.com", "example.com."),
        ("Example.COM.", "example.com."),
        ("*.example.com", r"\052.example.com."),
        (r"\052.example.com", r"\052.example.com."),
        ("a*b.example.com", r"a\052b.example.com."),
        ("_dmarc.ex-ample.com", "_dmarc.ex-ample.com."),
        ("user@example.com", r"user\100example.com."),
        (r"a\056b.com", r"a\056b.com."),
        (r"\101.com", "a.com."),
        (r"\000\377.com", r"\000\377.com."),
        (".", "."),
        ("", "."),
    ],
)
def test_names_are_shown_as_route_53_shows_them(text: str, shown: str) -> None:
    """NM-1, NM-2."""
    assert name(text).to_text() == shown


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a..com", "DomainLabelEmpty (Domain label is empty) encountered with 'a..com.'"),
        (".com", "DomainLabelEmpty (Domain label is empty) encountered with '.com.'"),
        ("com..", "DomainLabelEmpty (Domain label is empty) encountered with 'com..'"),
        ("x" * 64 + ".com", f"DomainLabelTooLong (Domain label is too long) encountered with '{'x' * 64}'"),
        (".".join(["x" * 63] * 4), "DomainNameTooLong (Domain name is too long)"),
        ("café.com", "UnsupportedCharacter (Value contains unsupported characters) encountered with 'é'"),
        ("a b.com", "UnsupportedCharacter (Value contains unsupported characters) encountered with ' '"),
        ("a\t.com", "UnsupportedCharacter"),
        (r"a\.com", "InvalidEscape"),
        (r"a\400.com", "InvalidEscape"),
        (r"a\08.com", "InvalidEscape"),
        ("a\\", "InvalidEscape"),
    ],
)
def test_what_is_not_a_name_is_refused_in_the_words_of_route_53(text: str, problem: str) -> None:
    """2.7, NM-3."""
    with pytest.raises(InvalidName) as caught:
        name(text)
    assert str(caught.value).startswith(f"FATAL problem: {problem}")


@given(st.text(max_size=40))
def test_any_text_is_a_name_or_is_refused(text: str) -> None:
    try:
        parsed = name(text)
    except InvalidName:
        return
    assert name(parsed.to_text()) == parsed


@given(NAMES)
def test_text_round_trips(given_name: DomainName) -> None:
    assert name(given_name.to_text()) == given_name
    assert hash(name(given_name.to_text())) == hash(given_name)


@given(NAMES)
def test_the_wire_form_is_the_one_that_dnspython_writes(given_name: DomainName) -> None:
    assert given_name.to_wire() == dns.name.Name([*given_name.labels, b""]).to_wire()


def test_a_name_is_under_itself_and_its_ancestors_only() -> None:
    """Labels decide, not text: `evilexample.com` is not under `example.com`."""
    zone = name("example.com")
    assert name("example.com").is_under(zone)
    assert name("a.b.example.com").is_under(zone)
    assert name("example.com").is_under(ROOT)
    assert not name("www.evilexample.com").is_under(zone)
    assert not name("com").is_under(zone)
    assert not name(r"www\056example.com").is_under(zone)


def test_only_a_whole_leftmost_asterisk_is_a_wildcard() -> None:
    """NM-4."""
    assert name("*.example.com").is_wildcard
    assert not name("a*.example.com").is_wildcard
    assert not name("www.*.example.com").is_wildcard
    assert name("example.com").wildcard() == name("*.example.com")
    assert name("a.example.com").parent() == name("example.com")
    assert ROOT.parent() == ROOT


def test_names_sort_by_reversed_labels_with_the_dot_counted() -> None:
    """LS-1: what precedes the dot in ASCII precedes the end of a label."""
    ordered = [
        "com",
        "*.com",
        "example-a.com",
        "example.com",
        "*.example.com",
        "-.example.com",
        "1.example.com",
        "a.example.com",
        "z.a.example.com",
        "a1.example.com",
        "b.example.com",
        "example1.com",
    ]
    assert [each.to_text() for each in sorted(map(name, ordered))] == [
        name(each).to_text() for each in ordered
    ]


@given(NAMES, NAMES)
def test_the_order_agrees_with_equality(one: DomainName, other: DomainName) -> None:
    assert (one.sort_key() == other.sort_key()) == (one == other)
    assert (one < other) + (other < one) + (one == other) == 1


@given(NAMES, LABELS)
def test_a_name_sorts_after_its_parent(parent: DomainName, label: bytes) -> None:
    assume(sum(map(len, parent.labels)) + len(label) < 200)
    assert parent < DomainName((label, *parent.labels))


def test_a_name_does_not_change() -> None:
    with pytest.raises(AttributeError):
        name("example.com").labels = ()
