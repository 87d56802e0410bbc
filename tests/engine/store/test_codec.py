"""What the journal holds is what was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.engine.store.codec import (
    KINDS,
    Undecodable,
    UnknownKind,
    decode_change,
    decode_world,
    encode_change,
    encode_world,
)
from stillup.rules.buckets.bucket import Bucket, StoredObject
from stillup.rules.changes import BucketConfigured, Change, InstanceWanted, Node, RecordsChanged, ZoneTagsSet
from stillup.rules.names import DomainName
from stillup.rules.world import World
from tests.histories import WWW, address, submission


@cache
def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of this type, field by field; small ones, of which there are many kinds."""
    arguments = get_args(kind)
    origin = get_origin(kind)
    if kind is str:  # as it comes out of an HTTP request; JSON has no lone surrogates
        return st.text(st.characters(codec="utf-8"), max_size=5)
    if kind is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if kind is int:
        return st.integers(-(2**53), 2**53)
    if kind is DomainName:
        return st.lists(st.binary(min_size=1, max_size=4), max_size=3).map(lambda it: DomainName(tuple(it)))
    if origin in (Union, UnionType):
        return st.one_of([any_of(each) for each in arguments])
    if origin is tuple and Ellipsis not in arguments:
        return st.tuples(*map(any_of, arguments))
    if origin is tuple:
        return st.lists(any_of(arguments[0]), max_size=2).map(tuple)
    if origin is frozenset:
        return st.frozensets(any_of(arguments[0]), max_size=2)
    if origin is Mapping:
        return st.dictionaries(any_of(arguments[0]), any_of(arguments[1]), max_size=2)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{each.name: any_of(hints[each.name]) for each in fields(kind)})
    if supertype := getattr(kind, "__supertype__", None):
        return any_of(supertype)
    return st.from_type(kind)


def test_every_change_has_a_name_in_the_journal() -> None:
    assert set(KINDS.values()) == set(get_args(Change))


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind is not BucketConfigured])
def test_a_change_comes_back_as_it_went_in(kind: type[Change]) -> None:
    @settings(max_examples=12)
    @given(any_of(kind))
    def round_trip(change: Change) -> None:
        assert decode_change(*encode_change(change)) == change

    round_trip()


@pytest.mark.slow
@settings(max_examples=25)
@given(any_of(World))
def test_a_world_comes_back_as_it_went_in(world: World) -> None:
    assert decode_world(encode_world(world)) == world


def test_a_world_of_many_slices_comes_back_as_it_went_in() -> None:
    objects = {f"k{number}": StoredObject(f"k{number}", "b", 1, "e", 0.0) for number in range(1001)}
    world = World(buckets={"b": Bucket("b", "us-east-1", 0.0, objects=objects)})
    assert decode_world(encode_world(world)) == world


def test_a_read_only_mapping_is_written_like_any_other() -> None:
    change = ZoneTagsSet("Z1", MappingProxyType({"a": "b"}))
    assert decode_change(*encode_change(change)) == ZoneTagsSet("Z1", {"a": "b"})


def test_a_configured_bucket_does_not_carry_its_objects() -> None:
    stored = StoredObject("k", "b", 1, "e", 0.0)
    bucket = Bucket("www", "us-east-1", 0.0, objects={"k": stored}, tags={"a": "b"})
    expected = Bucket("www", "us-east-1", 0.0, tags={"a": "b"})
    assert decode_change(*encode_change(BucketConfigured(bucket))) == BucketConfigured(expected)


def test_a_field_of_a_later_version_is_skipped() -> None:
    body = json.dumps({"instance_id": "i-1", "running": True, "colour": "green"}).encode()
    assert decode_change("instance-wanted", body) == InstanceWanted("i-1", running=True)


def test_a_field_that_an_earlier_version_did_not_write_has_its_default() -> None:
    """A record set as it was written before there were weights and locations."""
    change = RecordsChanged("Z0", (Node(WWW, (address("192.0.2.1"),)),), submission(1))
    kind, body = encode_change(change)
    written = json.loads(body)
    for field in ("weight", "geolocation"):
        del written["nodes"][0]["record_sets"][0][field]
    assert decode_change(kind, json.dumps(written).encode()) == change


def test_a_kind_of_a_later_version_is_not_skipped() -> None:
    with pytest.raises(UnknownKind):
        decode_change("moon-landed", b"{}")


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=50))
def test_noise_is_undecodable(kind: str, body: bytes) -> None:
    with pytest.raises(Undecodable):
        decode_change(kind, body)
    with pytest.raises(Undecodable):
        decode_world(body + b"]")
