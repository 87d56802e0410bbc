"""Each change leads to the world that it describes, and leaves the world before it as it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.rules import world as worlds
from stillup.rules.buckets.bucket import Bucket, MultipartUpload, StoredObject, UploadPart, Website
from stillup.rules.changes import (
    BucketConfigured,
    BucketCreated,
    BucketDeleted,
    Change,
    HealthCheckDeleted,
    HealthCheckPut,
    InstanceWanted,
    Node,
    ObjectPut,
    ObjectsDeleted,
    RecordsChanged,
    UploadAborted,
    UploadPartPut,
    UploadStarted,
    ZoneCommentSet,
    ZoneCreated,
    ZoneDeleted,
    ZoneTagsSet,
)
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType
from stillup.rules.names import DomainName
from stillup.rules.world import Submitted, World, fold
from tests.histories import WWW, ZONE, address, history, possible, submission, zone

CHECK = HealthCheck("check", "reference", HealthCheckConfig(HealthCheckType.TCP))
BUCKET = Bucket("b", "us-east-1", 0.0)
APEX = DomainName.from_text("example.com")


def after(*changes: Change) -> World:
    world = World()
    for change in changes:
        world = fold(world, change)
    return world


def stored(key: str, blob: str) -> StoredObject:
    return StoredObject(key, blob, 1, "etag", 0.0)


def test_each_change_counts_one() -> None:
    assert after(InstanceWanted("i", running=False), InstanceWanted("i", running=True)).sequence == 2


def test_a_zone_is_created_with_its_submission() -> None:
    world = after(ZoneCreated(zone(), submission(1)))
    assert world.zones == {ZONE: zone()}
    assert world.submissions == {"C1": Submitted(submission(1), 1)}


def test_a_zone_is_deleted_and_its_submissions_are_remembered() -> None:
    world = after(ZoneCreated(zone(), submission(1)), ZoneDeleted(ZONE, submission(2)))
    assert world.zones == {}
    assert list(world.submissions) == ["C1", "C2"]


def test_a_zone_takes_comment_and_tags() -> None:
    world = after(
        ZoneCreated(zone(), submission(1)), ZoneCommentSet(ZONE, "ours"), ZoneTagsSet(ZONE, {"a": "b"})
    )
    assert (world.zones[ZONE].comment, world.zones[ZONE].tags) == ("ours", {"a": "b"})


def test_a_batch_replaces_the_nodes_it_names_and_no_other() -> None:
    created = ZoneCreated(zone(), submission(1))
    both = RecordsChanged(
        ZONE, (Node(WWW, (address("192.0.2.1"),)), Node(APEX, (address("192.0.2.2"),))), submission(2)
    )
    one = RecordsChanged(ZONE, (Node(WWW, (address("192.0.2.3"),)),), submission(3))
    assert after(created, both, one).zones[ZONE].nodes == {
        WWW: (address("192.0.2.3"),),
        APEX: (address("192.0.2.2"),),
    }


def test_a_node_without_record_sets_is_gone() -> None:
    created = ZoneCreated(zone(), submission(1))
    put = RecordsChanged(ZONE, (Node(WWW, (address("192.0.2.1"),)),), submission(2))
    gone = RecordsChanged(ZONE, (Node(WWW, ()), Node(APEX, ())), submission(3))
    assert after(created, put, gone).zones[ZONE].nodes == {}


def test_only_the_newest_submissions_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "REMEMBERED_SUBMISSIONS", 3)
    created = ZoneCreated(zone(), submission(0))
    world = after(created, *(RecordsChanged(ZONE, (), submission(number)) for number in range(1, 6)))
    assert list(world.submissions) == ["C3", "C4", "C5"]
    assert world.submissions["C5"].sequence == 6


def test_a_deleted_health_check_keeps_its_reference_taken() -> None:
    world = after(HealthCheckPut(CHECK), HealthCheckDeleted("check"))
    assert world.health_checks == {}
    assert world.retired_references == {"reference"}


def test_configuring_a_bucket_leaves_its_objects_and_uploads() -> None:
    upload = MultipartUpload("u", "k", 0.0)
    configured = Bucket("b", "us-east-1", 0.0, website=Website("index.html"), objects={"x": stored("x", "x")})
    world = after(
        BucketCreated(BUCKET),
        ObjectPut("b", stored("k", "1")),
        UploadStarted("b", upload),
        BucketConfigured(configured),
    )
    assert world.buckets["b"] == Bucket(
        "b",
        "us-east-1",
        0.0,
        website=Website("index.html"),
        objects={"k": stored("k", "1")},
        uploads={"u": upload},
    )


def test_a_bucket_is_deleted() -> None:
    assert after(BucketCreated(BUCKET), BucketDeleted("b")).buckets == {}


def test_an_object_takes_the_place_of_another() -> None:
    world = after(BucketCreated(BUCKET), ObjectPut("b", stored("k", "1")), ObjectPut("b", stored("k", "2")))
    assert world.buckets["b"].objects == {"k": stored("k", "2")}


def test_objects_that_are_not_there_are_deleted_too() -> None:
    world = after(
        BucketCreated(BUCKET), ObjectPut("b", stored("k", "1")), ObjectsDeleted("b", ("k", "unknown"))
    )
    assert world.buckets["b"].objects == {}


def test_an_upload_gathers_parts_until_it_is_an_object() -> None:
    begun = [
        BucketCreated(BUCKET),
        UploadStarted("b", MultipartUpload("u", "k", 0.0)),
        UploadPartPut("b", "u", UploadPart(1, "old", 1, "e", 0.0)),
        UploadPartPut("b", "u", UploadPart(1, "new", 1, "e", 0.0)),
        UploadPartPut("b", "u", UploadPart(2, "two", 1, "e", 0.0)),
    ]
    parts = after(*begun).buckets["b"].uploads["u"].parts
    assert {number: part.blob for number, part in parts.items()} == {1: "new", 2: "two"}
    world = after(*begun, ObjectPut("b", stored("k", "joined"), completes="u"))
    assert (world.buckets["b"].uploads, list(world.buckets["b"].objects)) == ({}, ["k"])
    assert after(*begun, UploadAborted("b", "u")).buckets["b"].uploads == {}


def test_an_instance_is_stopped_until_it_is_wanted_again() -> None:
    stop, start = InstanceWanted("i", running=False), InstanceWanted("i", running=True)
    assert after(stop, stop).stopped_instances == {"i"}
    assert after(stop, start).stopped_instances == set()


@settings(max_examples=25)
@given(st.lists(st.integers(0, 1000), max_size=20))
def test_no_change_alters_the_world_before_it(picks: list[int]) -> None:
    _, world = history(picks)
    _, before = history(picks)
    for change in possible(world, len(picks)):
        fold(world, change)
        assert world == before
