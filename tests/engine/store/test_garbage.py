"""A blob goes when the last reference to it goes, and not before."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.engine.store.garbage import BlobCollector, BlobReferences, referenced_blobs
from stillup.rules.buckets.bucket import Bucket, MultipartUpload, StoredObject, UploadPart
from stillup.rules.changes import (
    BucketCreated,
    BucketDeleted,
    Change,
    ObjectPut,
    ObjectsDeleted,
    UploadAborted,
    UploadPartPut,
    UploadStarted,
)
from stillup.rules.world import World, fold
from tests.fakes import FakeBlobs, FakeWorlds
from tests.histories import history


def put(key: str, blob: str, completes: str | None = None) -> ObjectPut:
    return ObjectPut("b", StoredObject(key, blob, 1, "e", 0.0), completes)


def part(number: int, blob: str) -> UploadPartPut:
    return UploadPartPut("b", "u", UploadPart(number, blob, 1, "e", 0.0))


BEGIN: list[Change] = [
    BucketCreated(Bucket("b", "us-east-1", 0.0)),
    UploadStarted("b", MultipartUpload("u", "k", 0.0)),
    part(1, "p1"),
    part(2, "p2"),
    put("k", "k1"),
    put("shared", "k1"),
    put("alone", "a1"),
]


def folded(world: World, changes: list[Change]) -> World:
    for change in changes:
        world = fold(world, change)
    return world


def released(*changes: Change) -> set[str]:
    world = folded(World(), BEGIN)
    return set(BlobReferences(world).follow(folded(world, list(changes)), changes))


def test_a_replaced_object_lets_its_blob_go() -> None:
    assert released(put("alone", "a2")) == {"a1"}


def test_a_shared_blob_stays_until_the_last_object_goes() -> None:
    assert released(put("k", "k2")) == set()
    assert released(ObjectsDeleted("b", ("k",)), ObjectsDeleted("b", ("shared",))) == {"k1"}


def test_an_object_put_again_with_the_same_blob_keeps_it() -> None:
    assert released(put("alone", "a1")) == set()


def test_a_replaced_part_lets_its_blob_go() -> None:
    assert released(part(1, "p3")) == {"p1"}


def test_an_aborted_upload_lets_its_parts_go() -> None:
    assert released(UploadAborted("b", "u")) == {"p1", "p2"}


def test_a_completed_upload_lets_its_parts_go() -> None:
    assert released(put("k", "joined", completes="u")) == {"p1", "p2"}


def test_an_upload_that_becomes_its_only_part_keeps_the_blob() -> None:
    assert released(put("k", "p1", completes="u")) == {"p2"}


def test_what_came_and_went_within_one_batch_goes() -> None:
    assert released(put("new", "n1"), put("new", "n2"), ObjectsDeleted("b", ("new",))) == {"n1", "n2"}


def test_a_deleted_bucket_lets_its_uploads_go() -> None:
    assert released(ObjectsDeleted("b", ("k", "shared", "alone")), BucketDeleted("b")) == {
        "k1",
        "a1",
        "p1",
        "p2",
    }


@settings(max_examples=50)
@given(st.lists(st.integers(0, 1000), max_size=40), st.integers(1, 5))
def test_exactly_what_is_referred_to_stays(picks: list[int], batch: int) -> None:
    changes, _ = history(picks)
    world = World()
    references = BlobReferences(world)
    kept: set[str] = set()
    for at in range(0, len(changes), batch):
        some = changes[at : at + batch]
        for change in some:
            if isinstance(change, ObjectPut):
                kept.add(change.object.blob)
            if isinstance(change, UploadPartPut):
                kept.add(change.part.blob)
        world = folded(world, some)
        kept -= set(references.follow(world, some))
        assert kept == set(referenced_blobs(world))


async def test_the_collector_discards_what_a_published_change_let_go() -> None:
    worlds, blobs = FakeWorlds(folded(World(), BEGIN)), FakeBlobs()
    blobs.contents = dict.fromkeys(referenced_blobs(worlds.current), b"")
    collector = BlobCollector(worlds, blobs)
    await worlds.commit(lambda world: put("alone", "k1"))
    await collector.close()
    assert set(blobs.contents) == {"k1", "p1", "p2"}
