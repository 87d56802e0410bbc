"""The tree of a zone's names, and what a change to the zone changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.lookup import ZoneTree, changed_facts
from stillup.rules.names import DomainName
from stillup.rules.records import RecordType
from stillup.rules.zones.zone import HostedZone
from tests.by_hand import name, simple, zone

OWNERS = [f"{prefix}example.com" for prefix in ("a.", "b.a.", "c.b.a.", "x.", "*.x.", "d.c.b.a.")]


def is_at_or_above_a_node(hosted: HostedZone, owner: DomainName) -> bool:
    return any(each.is_under(owner) for each in hosted.nodes)


NS, ONE, OTHER = ("NS", "ns.example.net."), ("A", "192.0.2.1"), ("A", "192.0.2.2")
ZONES = st.dictionaries(
    st.sampled_from(OWNERS), st.sampled_from([[NS], [ONE], [OTHER], [NS, ONE], [NS, OTHER]])
).map(lambda nodes: zone(*(simple(owner, *each) for owner, sets in nodes.items() for each in sets)))


@pytest.mark.slow
@given(ZONES)
def test_a_name_exists_if_it_or_something_below_it_owns_record_sets(hosted: HostedZone) -> None:
    tree = ZoneTree.of(hosted)
    for text in [*OWNERS, "example.com", "y.x.example.com", "z.example.com"]:
        assert tree.exists(name(text)) is is_at_or_above_a_node(hosted, name(text))


@pytest.mark.slow
@given(ZONES, ZONES)
def test_a_tree_after_a_change_is_the_tree_of_the_changed_zone(before: HostedZone, after: HostedZone) -> None:
    changed = before.nodes.keys() | after.nodes.keys()
    assert ZoneTree.of(before).after(after, changed) == ZoneTree.of(after)


@pytest.mark.slow
@given(ZONES, ZONES)
def test_every_difference_is_a_changed_fact_and_nothing_else_is(
    before: HostedZone, after: HostedZone
) -> None:
    old, new = ZoneTree.of(before), ZoneTree.of(after)
    expected = {
        (owner, record_type)
        for owner in map(name, [*OWNERS, "example.com"])
        for record_type in RecordType
        if before.group(owner, record_type) != after.group(owner, record_type)
    } | {
        (owner, None)
        for owner in map(name, OWNERS)
        if old.exists(owner) != new.exists(owner) or old.is_cut(owner) != new.is_cut(owner)
    }
    assert changed_facts(old, new, before.nodes.keys() | after.nodes.keys()) == expected


@pytest.mark.parametrize(
    ("added", "facts"),
    [
        (
            "b.a.example.com",
            {("b.a.example.com", RecordType.A), ("b.a.example.com", None), ("a.example.com", None)},
        ),
        ("www.example.com", {("www.example.com", RecordType.A), ("www.example.com", None)}),
    ],
)
def test_a_new_name_brings_the_empty_non_terminals_above_it(
    added: str, facts: set[tuple[str, RecordType | None]]
) -> None:
    before = zone()
    record_set = simple(added, "A", "192.0.2.1")
    after = replace(before, nodes={**before.nodes, record_set.name: (record_set,)})
    assert changed_facts(ZoneTree.of(before), ZoneTree.of(after), [record_set.name]) == {
        (name(owner), record_type) for owner, record_type in facts
    }
