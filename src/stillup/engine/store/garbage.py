"""Which blobs the world still refers to, and which a change has let go."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from stillup.engine.ports import Blobs, Worlds
from stillup.rules.buckets.bucket import Bucket
from stillup.rules.changes import (
    BucketDeleted,
    Change,
    ObjectPut,
    ObjectsDeleted,
    UploadAborted,
    UploadPartPut,
)
from stillup.rules.ids import BlobId, BucketName, UploadId
from stillup.rules.world import World

_log: Final = logging.getLogger(__name__)


def referenced_blobs(world: World) -> Iterator[BlobId]:
    """The blob of every object and of every uploaded part, once for each."""
    for bucket in world.buckets.values():
        yield from _blobs_of(bucket)


class BlobReferences:
    """How often the world refers to each blob; several objects may share one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._counts = Counter(referenced_blobs(world))

    def follow(self, world: World, changes: Sequence[Change]) -> list[BlobId]:
        """The blobs that nothing refers to any more, now that these changes have led to `world`."""
        touched = _distinct({place for change in changes for place in _places(change)})
        if not touched:
            self._world = world
            return []
        before = Counter(blob for place in touched for blob in _blobs_at(self._world, place))
        after = Counter(blob for place in touched for blob in _blobs_at(world, place))
        self._counts.update(after)
        self._counts.subtract(before)
        self._world = world
        # A blob that came and went within the changes is in neither world.
        passed = {blob for change in changes for blob in _brought(change)}
        released = [blob for blob in before.keys() | passed if not self._counts[blob]]
        for blob in released:
            del self._counts[blob]
        return released


class BlobCollector:
    """Discards the blobs that published changes let go."""

    def __init__(self, worlds: Worlds, blobs: Blobs) -> None:
        self._references = BlobReferences(worlds.current)
        self._blobs = blobs
        self._tasks: set[asyncio.Task[None]] = set()
        worlds.subscribe(self._follow)

    async def close(self) -> None:
        """Wait for what is being discarded."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _follow(self, world: World, changes: Sequence[Change]) -> None:
        if released := self._references.follow(world, changes):
            task = asyncio.create_task(self._discard(released))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _discard(self, released: Sequence[BlobId]) -> None:
        try:
            await self._blobs.discard(released)
        except OSError as wrong:
            _log.warning("blobs stay until the next start: %s", wrong)


_Place = tuple[BucketName, str, str]
"""A bucket, then an object's key or an upload's id, the other being empty; both empty: all of the bucket."""


def _places(change: Change) -> Iterator[_Place]:
    match change:
        case ObjectPut(bucket, stored, completes):
            yield bucket, stored.key, ""
            if completes is not None:
                yield bucket, "", completes
        case ObjectsDeleted(bucket, keys):
            for key in keys:
                yield bucket, key, ""
        case UploadPartPut(bucket, upload_id, _) | UploadAborted(bucket, upload_id):
            yield bucket, "", upload_id
        case BucketDeleted(bucket):
            yield bucket, "", ""
        case _:
            pass


def _distinct(places: set[_Place]) -> set[_Place]:
    """No place inside another."""
    whole = {(name, "", "") for name, key, upload_id in places if not key and not upload_id}
    return whole | {place for place in places if (place[0], "", "") not in whole}


def _brought(change: Change) -> Iterator[BlobId]:
    match change:
        case ObjectPut(_, stored, _):
            yield stored.blob
        case UploadPartPut(_, _, part):
            yield part.blob
        case _:
            pass


def _blobs_at(world: World, place: _Place) -> Iterator[BlobId]:
    name, key, upload_id = place
    if (bucket := world.buckets.get(name)) is None:
        return
    if key and (stored := bucket.objects.get(key)) is not None:
        yield stored.blob
    if upload_id and (upload := bucket.uploads.get(UploadId(upload_id))) is not None:
        yield from (part.blob for part in upload.parts.values())
    if not key and not upload_id:
        yield from _blobs_of(bucket)


def _blobs_of(bucket: Bucket) -> Iterator[BlobId]:
    yield from (stored.blob for stored in bucket.objects.values())
    yield from (part.blob for upload in bucket.uploads.values() for part in upload.parts.values())
