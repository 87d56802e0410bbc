"""Histories of changes as they could have been acknowledged: each is valid in the world before it."""

from __future__ import annotations

from collections.abc import Iterator

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
from stillup.rules.records import Rdata, RecordSet, RecordType
from stillup.rules.world import World, fold
from stillup.rules.zones.zone import HostedZone, Submission

ZONE = "Z0"
WWW = DomainName.from_text("www.example.com")


def address(text: str) -> RecordSet:
    """An A record set for www.example.com."""
    wire = bytes(int(part) for part in text.split("."))
    return RecordSet(WWW, RecordType.A, ttl=60, records=(Rdata(text, wire),))


def zone(zone_id: str = ZONE) -> HostedZone:
    """An empty example.com."""
    return HostedZone(zone_id, DomainName.from_text("example.com"), zone_id, "", (), {})


def submission(number: int) -> Submission:
    """The submission with this number."""
    return Submission(f"C{number}", float(number))


def possible(world: World, turn: int) -> Iterator[Change]:
    """Every kind of change that this world allows, with names that the turn makes new."""
    check_id = f"check-{turn}"
    yield ZoneCreated(zone(f"Z{turn}"), submission(turn))
    yield HealthCheckPut(
        HealthCheck(check_id, check_id, HealthCheckConfig(HealthCheckType.TCP, "192.0.2.1", 80))
    )
    yield BucketCreated(Bucket(f"bucket-{turn}", "us-east-1", float(turn)))
    yield InstanceWanted("i-0", running=turn % 2 == 0)
    for zone_id in list(world.zones)[:1]:
        yield ZoneCommentSet(zone_id, f"turn {turn}")
        yield ZoneTagsSet(zone_id, {"turn": str(turn)})
        yield RecordsChanged(zone_id, (Node(WWW, (address(f"192.0.2.{turn % 256}"),)),), submission(turn))
        yield RecordsChanged(zone_id, (Node(WWW, ()),), submission(turn))
        yield ZoneDeleted(zone_id, submission(turn))
    for known in list(world.health_checks)[:1]:
        yield HealthCheckDeleted(known)
    for bucket in list(world.buckets.values())[:1]:
        yield from _possible_in(bucket, turn)


def _possible_in(bucket: Bucket, turn: int) -> Iterator[Change]:
    name = bucket.name
    stored = StoredObject(f"key-{turn % 3}", f"blob-{turn}", turn, "etag", float(turn))
    upload_id = f"upload-{turn}"
    yield BucketConfigured(Bucket(name, "us-east-1", 0.0, website=Website(f"index-{turn}.html")))
    yield ObjectPut(name, stored)
    yield ObjectsDeleted(name, (f"key-{turn % 3}", "unknown"))
    yield UploadStarted(name, MultipartUpload(upload_id, "key-0", float(turn)))
    for known in list(bucket.uploads)[:1]:
        yield UploadPartPut(name, known, UploadPart(turn % 2, f"part-{turn}", 5, "etag", float(turn)))
        yield ObjectPut(name, stored, completes=known)
        yield UploadAborted(name, known)
    if not bucket.objects:
        yield BucketDeleted(name)


def history(picks: list[int]) -> tuple[list[Change], World]:
    """As many changes as there are picks, each chosen by one, and the world they lead to."""
    world = World()
    changes: list[Change] = []
    for turn, pick in enumerate(picks):
        choices = list(possible(world, turn))
        changes.append(choices[pick % len(choices)])
        world = fold(world, changes[-1])
    return changes, world
