"""Random batches, judged by apply_batch and by a naive reference that looks at the whole zone every time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.changes import RecordsChanged, ZoneCreated
from stillup.rules.records import FailoverRole, RecordSet, RecordSetKey, RecordType
from stillup.rules.refusal import Refusal
from stillup.rules.world import World, fold
from stillup.rules.zones.change_batch import ChangeAction, RequestedChange
from stillup.rules.zones.zone import HostedZone
from tests.by_hand import (
    APEX,
    NAME_SERVER,
    PRIMARY,
    SECONDARY,
    SOA,
    alias,
    failover,
    for_everywhere,
    in_order,
    multivalue,
    name,
    simple,
    weighted,
    zone,
)
from tests.rules.zones.batches import CHECK, SUBMISSION, apply

ZONE = name(APEX)


def everything_at(owner: str) -> list[RecordSet]:
    a = simple(owner, "A", "192.0.2.1")
    return [
        a,
        replace(a, ttl=60),
        simple(owner, "TXT", '"x"'),
        simple(owner, "CNAME", "target.example.net."),
        failover(a, PRIMARY, CHECK),
        failover(a, PRIMARY),
        failover(a, SECONDARY),
        replace(failover(a, SECONDARY), set_identifier="other"),
        multivalue(owner, "A", "192.0.2.5"),
        weighted(a, 10),
        weighted(a, 0),
        weighted(a, 10, identifier="other"),
        for_everywhere(a),
        replace(for_everywhere(a), set_identifier="other"),
        alias(owner, "a.example.com"),
        alias(owner, "b.example.com", record_type="TXT"),
        failover(alias(owner, "b.example.com"), PRIMARY),
    ]


RECORD_SETS = [
    *(each for owner in (APEX, "a.example.com", "b.example.com") for each in everything_at(owner)),
    simple("outside.example.net", "A", "192.0.2.1"),
    simple(APEX, "NS", NAME_SERVER, ttl=172800),
    simple(APEX, "NS", "ns.example.net."),
    simple(APEX, "SOA", SOA, ttl=900),
]
CHANGES = st.builds(RequestedChange, st.sampled_from(ChangeAction), st.sampled_from(RECORD_SETS))
BATCHES = st.lists(st.lists(CHANGES, min_size=1, max_size=4), min_size=1, max_size=8)

State = dict[RecordSetKey, RecordSet]


def reference(before: State, batch: list[RequestedChange]) -> State | None:
    """The state after the batch, or None if it must be refused."""
    after = dict(before)
    seen: dict[RecordSetKey, list[ChangeAction]] = {}
    for change in batch:
        record_set, key = change.record_set, change.record_set.key
        if not record_set.name.is_under(ZONE):
            return None
        seen.setdefault(key, []).append(change.action)
        if len(seen[key]) > 1 and seen[key] != [ChangeAction.DELETE, ChangeAction.CREATE]:
            return None
        if change.action is ChangeAction.DELETE:
            if after.pop(key, None) != record_set:
                return None
        elif change.action is ChangeAction.CREATE and key in after:
            return None
        else:
            after[key] = record_set
    written = [after[key] for key, actions in seen.items() if actions[-1] is not ChangeAction.DELETE]
    return after if sound(after) and all(targets_exist(each, after) for each in written) else None


def sound(state: State) -> bool:
    types_at: dict[object, set[RecordType]] = {}
    groups: dict[object, list[RecordSet]] = {}
    for each in state.values():
        types_at.setdefault(each.name, set()).add(each.type)
        groups.setdefault((each.name, each.type), []).append(each)
    return (
        all(RecordType.CNAME not in types or len(types) == 1 for types in types_at.values())
        and {RecordType.NS, RecordType.SOA} <= types_at.get(ZONE, set())
        and RecordType.CNAME not in types_at[ZONE]
        and all(map(group_is_sound, groups.values()))
        and not any(
            each.failover is PRIMARY and each.alias is None and each.health_check_id is None
            for each in state.values()
        )
        and not any(leads_to_itself(each, state) for each in state.values())
    )


def group_is_sound(group: list[RecordSet]) -> bool:
    kinds = {
        (each.set_identifier is None, each.multivalue, each.weight is None, each.geolocation)
        for each in group
    }
    if len(group) > 1 and group[0].geolocation is not None:
        return False
    roles = Counter(each.failover for each in group if each.failover is not None)
    return len(kinds) == 1 and all(roles[role] <= 1 for role in FailoverRole)


def targets_exist(each: RecordSet, state: State) -> bool:
    return each.alias is None or any(
        (other.name, other.type) == (each.alias.dns_name, each.type) for other in state.values()
    )


def leads_to_itself(start: RecordSet, state: State) -> bool:
    reached, pending = set(), [start]
    while pending:
        here = pending.pop()
        for other in state.values():
            points_there = here.alias is not None and here.alias.dns_name == other.name
            if points_there and other.type is here.type and other.key not in reached:
                reached.add(other.key)
                pending.append(other)
    return start.key in reached


def state_of(hosted_zone: HostedZone) -> State:
    return {each.key: each for each in hosted_zone.record_sets()}


@pytest.mark.slow
@given(BATCHES)
def test_batches_do_what_a_naive_reference_does(batches: list[list[RequestedChange]]) -> None:
    world = fold(World(), ZoneCreated(zone(), SUBMISSION))
    (zone_id,) = world.zones
    for batch in batches:
        hosted_zone = world.zones[zone_id]
        before = state_of(hosted_zone)
        expected = reference(before, batch)
        outcome = apply(hosted_zone, *batch)
        assert state_of(hosted_zone) == before
        if isinstance(outcome, Refusal):
            assert expected is None, outcome
            assert outcome.code == "InvalidChangeBatch"
            assert outcome.reasons
            continue
        assert expected is not None
        assert {node.name for node in outcome.nodes} == {change.record_set.name for change in batch}
        world = fold(world, outcome)
        assert state_of(world.zones[zone_id]) == expected
        assert all(node and node == in_order(node) for node in world.zones[zone_id].nodes.values())


@pytest.mark.slow
@given(st.lists(CHANGES, min_size=1, max_size=4), st.lists(CHANGES, max_size=4))
def test_one_bad_change_refuses_the_whole_batch(
    good: list[RequestedChange], more: list[RequestedChange]
) -> None:
    """Refused means unchanged: there is no outcome in which some of it is done."""
    bad = RequestedChange(ChangeAction.CREATE, simple("outside.example.net", "A", "192.0.2.1"))
    outcome = apply(zone(), *good, bad, *more)
    assert isinstance(outcome, Refusal)
    assert "RRSet with DNS name outside.example.net. is not permitted in zone example.com." in outcome.reasons


@pytest.mark.slow
@given(st.lists(CHANGES, min_size=1, max_size=5))
def test_what_a_batch_leads_to_does_not_depend_on_its_order(
    batch: list[RequestedChange],
) -> None:
    """But for DELETE before CREATE of one set, which only make sense in this order."""
    keys = [change.record_set.key for change in batch]
    if len(set(keys)) < len(keys):
        return
    forwards, backwards = apply(zone(), *batch), apply(zone(), *reversed(batch))
    if isinstance(forwards, RecordsChanged):
        assert isinstance(backwards, RecordsChanged)
        assert set(forwards.nodes) == set(backwards.nodes)
    else:
        assert isinstance(backwards, Refusal)
        assert set(forwards.reasons) == set(backwards.reasons)
