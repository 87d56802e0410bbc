"""Which zone answers for a name."""

from __future__ import annotations

import pytest

from stillup.rules.lookup import serving_zones, zone_for
from tests.by_hand import name, zone

SERVING = serving_zones(
    [
        zone(apex="example.com", zone_id="ZPARENT"),
        zone(apex="sub.example.com", zone_id="ZCHILD"),
        zone(apex="example.com", zone_id="ZLATER"),
        zone(apex="alone.example.org", zone_id="ZALONE"),
    ]
)
A, DS = 1, 43


@pytest.mark.parametrize(
    ("qname", "qtype", "zone_id"),
    [
        ("example.net", A, None),
        ("com", A, None),
        (".", A, None),
        ("evilexample.com", A, None),
        ("example.com", A, "ZPARENT"),
        ("a.b.example.com", A, "ZPARENT"),
        ("sub.example.com", A, "ZCHILD"),
        ("a.sub.example.com", A, "ZCHILD"),
        ("a.sub.example.com", DS, "ZCHILD"),
        ("sub.example.com", DS, "ZPARENT"),
        ("alone.example.org", DS, "ZALONE"),
        ("example.com", DS, "ZPARENT"),
    ],
)
def test_the_closest_and_oldest_zone_answers(qname: str, qtype: int, zone_id: str | None) -> None:
    found = zone_for(SERVING, name(qname).to_wire(), qtype)
    assert (None if found is None else found.id) == zone_id
