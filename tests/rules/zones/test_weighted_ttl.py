"""All of a weighted group have the TTL that was given last (2.3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.records import RecordSet
from stillup.rules.zones.change_batch import AnyChange
from tests.by_hand import alias, multivalue, simple, weighted, zone
from tests.rules.zones.batches import after, create, delete, refused, upsert

WWW = "www.example.com"
OLD = weighted(simple(WWW, "A", "192.0.2.1", ttl=300), 1)
OTHER = weighted(simple(WWW, "A", "192.0.2.2", ttl=300), 1)


def with_ttl(record_set: RecordSet, ttl: int) -> RecordSet:
    return replace(record_set, ttl=ttl)


@pytest.mark.parametrize(
    ("changes", "ttl"),
    [
        ([create(with_ttl(OTHER, 60))], 60),
        ([create(with_ttl(OTHER, 0))], 0),
        ([create(OTHER), upsert(with_ttl(OLD, 60))], 60),
        ([upsert(with_ttl(OLD, 60)), create(OTHER)], 300),
        ([delete(OLD), create(with_ttl(OLD, 60)), create(with_ttl(OTHER, 20))], 20),
    ],
)
def test_the_ttl_that_was_written_last_holds_for_all(changes: list[AnyChange], ttl: int) -> None:
    assert after(zone(OLD), *changes) == zone(with_ttl(OLD, ttl), with_ttl(OTHER, ttl))


def test_only_weighted_values_of_the_same_type_are_changed() -> None:
    others = (
        weighted(simple(WWW, "AAAA", "2001:db8::1", ttl=300), 1),
        weighted(alias(WWW, "a.example.com"), 1, identifier="alias"),
        simple("a.example.com", "A", "192.0.2.3", ttl=300),
    )
    new = with_ttl(OTHER, 60)
    assert after(zone(OLD, *others), create(new)) == zone(with_ttl(OLD, 60), new, *others)


def test_other_policies_keep_a_ttl_for_each() -> None:
    one = multivalue(WWW, "A", "192.0.2.1")
    other = with_ttl(multivalue(WWW, "A", "192.0.2.2"), 60)
    assert after(zone(one), create(other)) == zone(one, other)


def test_a_delete_must_give_the_ttl_that_holds_now() -> None:
    hosted = after(zone(OLD), create(with_ttl(OTHER, 60)))
    assert refused(hosted, delete(OLD)) != []
    assert after(hosted, delete(with_ttl(OLD, 60))) == zone(with_ttl(OTHER, 60))
