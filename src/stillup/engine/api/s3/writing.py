"""Writing objects: PutObject, DeleteObject, DeleteObjects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stillup.engine.api.authorization import refusals
from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.description import ENCRYPTION, description_or_raise
from stillup.engine.api.s3.digests import DEFAULT_ALGORITHM, FULL_OBJECT, ContentDigest, declared_algorithm
from stillup.engine.api.s3.errors import bucket_or_raise, commit_or_raise, raise_if_versioned, s3_error
from stillup.engine.api.s3.spelling import checksum_members, quoted
from stillup.engine.api.s3.storing import publish, raise_if_not_overwritable, take_in
from stillup.rules.buckets.bucket import StoredObject
from stillup.rules.buckets.conditional import names_etag
from stillup.rules.buckets.errors import refusal
from stillup.rules.buckets.listing import MAX_PAGE
from stillup.rules.changes import ObjectsDeleted
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from stillup.wire.aws.messages import AwsError, Output

MAX_PUT: Final = 5 << 30
"""Octets in one PutObject, UploadPart or CopyObject."""


async def put_object(ports: ApiPorts, call: Call) -> Output:
    """The payload becomes the object, whole or not at all."""
    bucket_or_raise(ports, call)
    described = description_or_raise(call)
    raise_if_not_overwritable(ports, call)
    if call.parameters.get("ContentLength", 0) > MAX_PUT:
        raise s3_error("EntityTooLarge")
    digest = ContentDigest([declared_algorithm(call) or DEFAULT_ALGORITHM])
    blob = await take_in(ports, digest.watch(call.body))
    stored = StoredObject(
        key=call.parameters["Key"],
        blob=blob,
        size=digest.size,
        etag=digest.etag,
        modified_at=int(ports.clock.now()),
        headers=described.headers,
        metadata=described.metadata,
        checksums=digest.checksums,
        checksum_type=FULL_OBJECT,
        tags=described.tags,
    )
    await publish(ports, call, stored)
    return Output(
        {
            "ETag": quoted(stored.etag),
            "ServerSideEncryption": ENCRYPTION,
            **checksum_members(stored.checksums, FULL_OBJECT),
        }
    )


async def delete_object(ports: ApiPorts, call: Call) -> Output:
    """The object is gone, or never was: S3 answers the same."""
    key = call.parameters["Key"]
    raise_if_versioned(call.parameters.get("VersionId"))
    asked: dict[str, Any] = {"Key": key, "VersionId": call.parameters.get("VersionId")}
    asked["ETag"] = call.parameters.get("IfMatch")
    errors = await _delete(ports, call, [asked])
    if errors:
        raise s3_error(errors[0]["Code"], members={"Key": key})
    return Output({} if asked["VersionId"] is None else {"VersionId": "null"}, status=204)


async def delete_objects(ports: ApiPorts, call: Call) -> Output:
    """Up to 1000 objects are gone; what could not be deleted is listed, object by object."""
    asked = call.parameters["Delete"].get("Objects") or []
    if not 0 < len(asked) <= MAX_PAGE:
        raise s3_error("MalformedXML")
    errors = await _delete(ports, call, asked)
    failed = {error["Key"] for error in errors}
    members: dict[str, Any] = {"Errors": errors} if errors else {}
    if not call.parameters["Delete"].get("Quiet"):
        members["Deleted"] = [_named(one) for one in asked if one["Key"] not in failed]
    return Output(members)


def _named(one: Mapping[str, Any]) -> dict[str, str]:
    return {name: one[name] for name in ("Key", "VersionId") if one.get(name) is not None}


async def _delete(ports: ApiPorts, call: Call, asked: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Delete in one change what may be deleted; give back the errors for the rest."""
    name = bucket_or_raise(ports, call).name
    forbidden = refusals(ports, call)
    errors: list[dict[str, str]] = []

    def decide(world: World) -> ObjectsDeleted | Refusal | None:
        bucket = world.buckets.get(name)
        if bucket is None:
            return refusal("NoSuchBucket")
        reasons = [
            (
                one,
                forbidden.get(f"arn:aws:s3:::{name}/{one['Key']}")
                or _why_not_delete(bucket.objects.get(one["Key"]), one),
            )
            for one in asked
        ]
        errors[:] = [
            _named(one) | {"Code": reason.code, "Message": reason.message}
            for one, reason in reasons
            if reason
        ]
        going = {one["Key"] for one, reason in reasons if reason is None and one["Key"] in bucket.objects}
        return ObjectsDeleted(name, tuple(sorted(going))) if going else None

    await commit_or_raise(ports, call, decide)
    return errors


def _why_not_delete(stored: StoredObject | None, asked: Mapping[str, Any]) -> AwsError | None:
    """The error that keeps an object from being deleted.

    | version       | ETag    | object  | reason             |
    |---------------|---------|---------|--------------------|
    | not null      | any     | any     | NoSuchVersion      |
    | none or null  | absent  | any     | none               |
    | none or null  | given   | missing | NoSuchKey          |
    | none or null  | its own | exists  | none               |
    | none or null  | other   | exists  | PreconditionFailed |
    """
    if asked.get("VersionId") not in (None, "null"):
        return s3_error("NoSuchVersion")
    etag = asked.get("ETag")
    if etag is None:
        return None
    if stored is None:
        return s3_error("NoSuchKey")
    return None if names_etag(etag, stored.etag, weakly=False) else s3_error("PreconditionFailed")


WRITING_OPERATIONS: Final[Mapping[str, Operation]] = {
    "DeleteObject": delete_object,
    "DeleteObjects": delete_objects,
    "PutObject": put_object,
}
