"""Putting an object in its place: the contents first, then the one change that makes them the object."""

from __future__ import annotations

from collections.abc import AsyncIterator

from stillup.engine.api.call import ApiPorts, Call
from stillup.engine.api.s3.errors import commit_or_raise, refused, s3_error
from stillup.engine.ports import JournalUnavailable
from stillup.rules.buckets.bucket import StoredObject
from stillup.rules.buckets.conditional import names_etag
from stillup.rules.buckets.errors import refusal
from stillup.rules.changes import ObjectPut
from stillup.rules.ids import BlobId, BucketName, UploadId
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from stillup.wire.aws.messages import AwsError


def why_not_overwrite(existing: StoredObject | None, call: Call) -> Refusal | None:
    """Conditional writes (S3 user guide, "conditional requests").

    | If-Match | If-None-Match | object  | refusal            |
    |----------|---------------|---------|--------------------|
    | absent   | absent        | any     | none               |
    | absent   | `*`           | exists  | PreconditionFailed |
    | absent   | `*`           | missing | none               |
    | absent   | other         | any     | NotImplemented     |
    | given    | given         | any     | NotImplemented     |
    | `*`      | absent        | any     | NotImplemented     |
    | a tag    | absent        | missing | NoSuchKey          |
    | its tag  | absent        | exists  | none               |
    | other    | absent        | exists  | PreconditionFailed |
    """
    if_match, if_none_match = call.parameters.get("IfMatch"), call.parameters.get("IfNoneMatch")
    if if_match is not None and if_none_match is not None:
        return _unknown(
            "If-Match,If-None-Match", "Multiple conditional request headers present in the request"
        )
    if if_match is not None:
        if if_match.strip() == "*":
            return _unknown("If-Match", "We don't accept the provided value of If-Match header for this API")
        if existing is None:
            return refusal("NoSuchKey")
        named = names_etag(if_match, existing.etag, weakly=False)
        return None if named else refusal("PreconditionFailed", Condition="If-Match")
    if if_none_match is None:
        return None
    if if_none_match.strip() != "*":
        text = "We don't accept the provided value of If-None-Match header for this API"
        return _unknown("If-None-Match", text)
    return None if existing is None else refusal("PreconditionFailed", Condition="If-None-Match")


def _unknown(header: str, why: str) -> Refusal:
    return refusal("NotImplemented", Header=header, additionalMessage=why)


def raise_if_not_overwritable(ports: ApiPorts, call: Call) -> None:
    """Raises before gigabytes are taken in for nothing. The commit decides again."""
    bucket = ports.worlds.current.buckets.get(BucketName(call.parameters["Bucket"]))
    if bucket is None:
        raise s3_error("NoSuchBucket", members={"BucketName": call.parameters["Bucket"]})
    if refusal := why_not_overwrite(bucket.objects.get(call.parameters["Key"]), call):
        raise refused(call, refusal)


async def take_in(ports: ApiPorts, chunks: AsyncIterator[bytes]) -> BlobId:
    """Keep contents aside. Raises what `chunks` raises, and JournalUnavailable where the disk is at fault."""
    try:
        return await ports.blobs.write(chunks)
    except FileNotFoundError:
        raise  # from `chunks`: a blob that is copied is gone
    except OSError as wrong:
        raise JournalUnavailable(f"contents cannot be kept: {wrong}") from wrong


async def publish(
    ports: ApiPorts, call: Call, stored: StoredObject, *, completes: UploadId | None = None
) -> None:
    """Make this the object of its key. Raises S3's error if it may not be; then its contents are forgotten.

    Contents that the change lets go, of the object before and of the parts, are the store's to forget.
    """
    name = BucketName(call.parameters["Bucket"])

    def decide(world: World) -> ObjectPut | Refusal:
        bucket = world.buckets.get(name)
        if bucket is None:
            return refusal("NoSuchBucket")
        if no := why_not_overwrite(bucket.objects.get(stored.key), call):
            return no
        if completes is not None and completes not in bucket.uploads:
            return refusal("NoSuchUpload")
        return ObjectPut(name, stored, completes)

    try:
        await commit_or_raise(ports, call, decide)
    except (AwsError, JournalUnavailable):
        await ports.blobs.discard([stored.blob])
        raise
