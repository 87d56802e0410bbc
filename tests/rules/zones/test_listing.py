"""Listings: their order and their pages (LS-1, LS-2, HZ-5)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.ids import HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet, RecordType
from stillup.rules.zones.listing import (
    RecordSetStart,
    list_record_sets,
    list_zones,
    list_zones_by_name,
)
from tests.by_hand import multivalue, name, simple, zone

LISTED = [
    simple("example.com", "A", "192.0.2.1"),
    simple("example.com", "MX", "10 mail.example.com."),
    zone().group(name("example.com"), RecordType.NS)[0],
    zone().group(name("example.com"), RecordType.SOA)[0],
    simple("*.example.com", "A", "192.0.2.1"),
    simple("-x.example.com", "A", "192.0.2.1"),
    simple("1.example.com", "A", "192.0.2.1"),
    simple("a-b.example.com", "A", "192.0.2.1"),
    simple("a.example.com", "A", "192.0.2.1"),
    simple("z.a.example.com", "A", "192.0.2.1"),
    simple("b.example.com", "TXT", '"b"'),
    multivalue("www.example.com", "A", "192.0.2.1"),
    multivalue("www.example.com", "A", "192.0.2.2"),
    multivalue("www.example.com", "AAAA", "2001:db8::1"),
]
ZONE = zone(*reversed(LISTED))


def test_record_sets_are_listed_by_reversed_name_then_type_then_identifier() -> None:
    """LS-1: what precedes the dot in ASCII comes before the end of a label."""
    assert list(list_record_sets(ZONE, None, 300).items) == LISTED


@pytest.mark.parametrize(
    ("start", "first"),
    [
        (RecordSetStart(name("example.com")), 0),
        (RecordSetStart(name("com")), 0),
        (RecordSetStart(name("example.com"), RecordType.AAAA), 1),
        (RecordSetStart(name("example.com"), RecordType.NS), 2),
        (RecordSetStart(name("example.com"), RecordType.TXT), 4),
        (RecordSetStart(name("a.example.com")), 8),
        (RecordSetStart(name("a0.example.com")), 10),
        (RecordSetStart(name("www.example.com"), RecordType.A, "192.0.2.1"), 11),
        (RecordSetStart(name("www.example.com"), RecordType.A, "192.0.2.2"), 12),
        (RecordSetStart(name("www.example.com"), RecordType.A, "192.0.2.3"), 13),
        (RecordSetStart(name("zzz.example.com")), 14),
    ],
)
def test_a_listing_starts_at_the_first_that_is_not_before_the_start(
    start: RecordSetStart, first: int
) -> None:
    """LS-2."""
    assert list(list_record_sets(ZONE, start, 300).items) == LISTED[first:]


@pytest.mark.parametrize("limit", range(1, 16))
def test_pages_of_record_sets_join_to_the_whole_listing(limit: int) -> None:
    seen: list[RecordSet] = []
    start = None
    while True:
        page = list_record_sets(ZONE, start, limit)
        assert len(page.items) <= limit
        seen += page.items
        if page.next is None:
            break
        start = RecordSetStart(page.next.name, page.next.type, page.next.set_identifier)
    assert seen == LISTED


LABELS = st.text("abz019-_*!", min_size=1, max_size=3)


@pytest.mark.slow
@given(st.lists(st.lists(LABELS, max_size=3), max_size=12), st.integers(1, 5))
def test_any_zone_is_listed_whole_and_in_order(names: list[list[str]], limit: int) -> None:
    owners = {DomainName.from_text(".".join([*labels, "example.com"])) for labels in names}
    hosted_zone = zone(*(replace(simple("x.example.com", "A", "192.0.2.1"), name=owner) for owner in owners))
    seen: list[RecordSet] = []
    page = list_record_sets(hosted_zone, None, limit)
    while page.next is not None:
        seen += page.items
        page = list_record_sets(hosted_zone, RecordSetStart(page.next.name, page.next.type), limit)
    seen += page.items
    keys = [(".".join([*reversed(each.name.to_text()[:-1].split(".")), ""]), each.type) for each in seen]
    unescaped = [(key.replace(r"\052", "*").replace(r"\041", "!"), record_type) for key, record_type in keys]
    assert unescaped == sorted(unescaped)
    assert {each.key for each in seen} == {each.key for each in hosted_zone.record_sets()}


ZONES = {
    each.id: each
    for each in (
        zone(apex="example.com", zone_id="Z3"),
        zone(apex="example.com", zone_id="Z1"),
        zone(apex="a.example.com", zone_id="Z4"),
        zone(apex="example.net", zone_id="Z2"),
        zone(apex="b.com", zone_id="Z5"),
    )
}


@pytest.mark.parametrize(
    ("start", "listed"),
    [
        ("", ["Z1", "Z2", "Z3", "Z4", "Z5"]),
        ("Z3", ["Z3", "Z4", "Z5"]),
        ("Z2X", ["Z3", "Z4", "Z5"]),
        ("Z6", []),
    ],
)
def test_zones_are_listed_from_a_marker_on_even_if_its_zone_is_gone(start: str, listed: list[str]) -> None:
    assert [each.id for each in list_zones(ZONES, HostedZoneId(start), 100).items] == listed


@pytest.mark.parametrize(
    ("start", "listed"),
    [
        (None, ["Z5", "Z1", "Z3", "Z4", "Z2"]),
        (("example.com", ""), ["Z1", "Z3", "Z4", "Z2"]),
        (("example.com", "Z2"), ["Z3", "Z4", "Z2"]),
        (("c.com", ""), ["Z1", "Z3", "Z4", "Z2"]),
        (("zzz.net", ""), []),
    ],
)
def test_zones_are_listed_by_reversed_name_then_id(start: tuple[str, str] | None, listed: list[str]) -> None:
    first = None if start is None else (name(start[0]), HostedZoneId(start[1]))
    assert [each.id for each in list_zones_by_name(ZONES, first, 100).items] == listed


def test_a_page_of_zones_knows_what_comes_next() -> None:
    page = list_zones(ZONES, HostedZoneId(""), 2)
    assert [each.id for each in page.items] == ["Z1", "Z2"]
    assert page.next is not None
    assert page.next.id == "Z3"
    assert list_zones(ZONES, HostedZoneId(""), 5).next is None
