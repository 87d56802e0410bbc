"""How much fits into a batch and a zone (CH-4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.names import DomainName
from stillup.rules.records import Rdata, RecordSet
from stillup.rules.zones.change_batch import ChangeAction, RequestedChange
from tests.by_hand import alias, rdata, simple, zone
from tests.rules.zones.batches import create, delete, refused, upsert


def sets(count: int, values: int) -> list[RecordSet]:
    texts = [f"10.0.{each // 256}.{each % 256}" for each in range(values)]
    record_set = simple("x.example.com", "A", *texts)
    return [replace(record_set, name=DomainName.from_text(f"n{each}.example.com")) for each in range(count)]


@pytest.mark.parametrize(
    ("action", "count", "refusals"),
    [
        (ChangeAction.CREATE, 1000, []),
        (ChangeAction.CREATE, 1001, ["Number of records limit of 1000 exceeded."]),
        (ChangeAction.UPSERT, 500, []),
        (ChangeAction.UPSERT, 501, ["Number of records limit of 1000 exceeded."]),
    ],
)
def test_a_batch_has_at_most_1000_records_and_those_of_an_upsert_count_twice(
    action: ChangeAction, count: int, refusals: list[str]
) -> None:
    assert refused(zone(), *(RequestedChange(action, each) for each in sets(count, 1))) == refusals


@pytest.mark.parametrize(
    ("upserts", "refusals"), [(8, []), (9, ["RDATA character limit of 32000 exceeded."])]
)
def test_a_batch_has_at_most_32000_characters_and_those_of_an_upsert_count_twice(
    upserts: int, refusals: list[str]
) -> None:
    long = Rdata("x" * 2000, b"\0")
    named = [replace(each, records=(long,)) for each in sets(upserts, 1)]
    assert refused(zone(), *map(upsert, named)) == refusals


def test_aliases_hold_no_records() -> None:
    target = simple("target.example.com", "A", "192.0.2.1")
    aliases = [alias(f"n{each}.example.com", "target.example.com") for each in range(1100)]
    assert refused(zone(target), *map(create, aliases)) == []


@pytest.mark.slow
def test_a_zone_has_at_most_10000_record_sets() -> None:
    full = zone(*sets(9998, 1))
    one_more = simple("more.example.com", "A", "192.0.2.1")
    there = replace(sets(1, 1)[0], ttl=300)
    assert full.record_set_count == 10_000
    nearly = replace(full, nodes={name: node for name, node in full.nodes.items() if name != there.name})
    assert refused(nearly, create(one_more)) == []
    assert refused(full, create(one_more)) == ["Exceeded limit MAX_RRSETS_BY_ZONE for zone: Z1"]
    assert refused(full, upsert(replace(there, records=(rdata("A", "192.0.2.9"),)))) == []
    assert refused(full, delete(there), create(one_more)) == []
