"""Multipart uploads up to their completion: start, take parts in, give up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.copying import copy_contents, source_or_raise
from stillup.engine.api.s3.description import ENCRYPTION, description_or_raise
from stillup.engine.api.s3.digests import (
    COMPOSITE,
    DEFAULT_ALGORITHM,
    FULL_OBJECT,
    ContentDigest,
    declared_algorithm,
)
from stillup.engine.api.s3.errors import bucket_or_raise, commit_or_raise, refused, s3_error, upload_or_raise
from stillup.engine.api.s3.spelling import Members, checksum_members, quoted, time_of
from stillup.engine.api.s3.storing import take_in
from stillup.engine.api.s3.writing import MAX_PUT
from stillup.engine.ports import JournalUnavailable
from stillup.rules.buckets.bucket import MultipartUpload, StoredObject, UploadPart
from stillup.rules.buckets.errors import refusal
from stillup.rules.buckets.multipart import MAX_PARTS
from stillup.rules.buckets.ranges import Span, parse_copy_range
from stillup.rules.changes import UploadAborted, UploadPartPut, UploadStarted
from stillup.rules.ids import BlobId, BucketName, UploadId
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from stillup.wire.aws.checksums import CRCS
from stillup.wire.aws.messages import AwsError, Output


async def create_multipart_upload(ports: ApiPorts, call: Call) -> Output:
    """Start an upload; what is said about the object now holds for it later."""
    name = bucket_or_raise(ports, call).name
    described = description_or_raise(call)
    algorithm = call.parameters.get("ChecksumAlgorithm")
    upload = MultipartUpload(
        id=UploadId(ports.die.octets(32).hex()),
        key=call.parameters["Key"],
        initiated_at=int(ports.clock.now()),
        headers=described.headers,
        metadata=described.metadata,
        checksum_algorithm=algorithm,
        checksum_type=_type_or_raise(algorithm, call.parameters.get("ChecksumType")),
        tags=described.tags,
    )
    await commit_or_raise(
        ports,
        call,
        lambda world: UploadStarted(name, upload) if name in world.buckets else refusal("NoSuchBucket"),
    )
    members: Members = {
        "Bucket": name,
        "Key": upload.key,
        "UploadId": upload.id,
        "ServerSideEncryption": ENCRYPTION,
    }
    if algorithm is not None:
        members |= {"ChecksumAlgorithm": algorithm, "ChecksumType": upload.checksum_type}
    return Output(members)


async def upload_part(ports: ApiPorts, call: Call) -> Output:
    """The payload becomes the part of that number, perhaps in another's place."""
    _raise_if_no_part_number(call)
    upload = upload_or_raise(ports, call)
    if call.parameters.get("ContentLength", 0) > MAX_PUT:
        raise s3_error("EntityTooLarge")
    declared = declared_algorithm(call)
    wanted = upload.checksum_algorithm
    if None not in (wanted, declared) and wanted != declared:
        raise s3_error(
            "InvalidRequest",
            f"Checksum Type mismatch occurred, expected checksum Type: {str(wanted).lower()}, "
            f"actual checksum Type: {str(declared).lower()}",
        )
    digest = ContentDigest({wanted or DEFAULT_ALGORITHM, declared or wanted or DEFAULT_ALGORITHM})
    blob = await take_in(ports, digest.watch(call.body))
    part = await _keep_part(ports, call, blob, digest)
    told = declared or wanted
    members = {"ETag": quoted(part.etag), "ServerSideEncryption": ENCRYPTION}
    return Output(members | ({f"Checksum{told}": part.checksums[told]} if told is not None else {}))


async def upload_part_copy(ports: ApiPorts, call: Call) -> Output:
    """A part out of an object that is here already."""
    _raise_if_no_part_number(call)
    upload = upload_or_raise(ports, call)
    source_or_raise(ports, call)
    algorithm = upload.checksum_algorithm or DEFAULT_ALGORITHM
    copied = await copy_contents(ports, call, algorithm, lambda source: _span_or_raise(source, call))
    part = await _keep_part(ports, call, copied.blob, copied.digest)
    result = {"ETag": quoted(part.etag), "LastModified": time_of(part.modified_at)}
    told = part.checksums if upload.checksum_algorithm is not None else {}
    return Output(
        {"CopyPartResult": result | checksum_members(told, None), "ServerSideEncryption": ENCRYPTION}
    )


async def abort_multipart_upload(ports: ApiPorts, call: Call) -> Output:
    """The upload and its parts are gone."""
    name, upload_id = bucket_or_raise(ports, call).name, upload_or_raise(ports, call).id

    def decide(world: World) -> UploadAborted | Refusal:
        known = _is_under_way(world, name, upload_id)
        return UploadAborted(name, upload_id) if known else refusal("NoSuchUpload")

    await commit_or_raise(ports, call, decide)
    return Output(status=204)


async def _keep_part(ports: ApiPorts, call: Call, blob: BlobId, digest: ContentDigest) -> UploadPart:
    name, upload_id = bucket_or_raise(ports, call).name, UploadId(call.parameters["UploadId"])
    part = UploadPart(
        number=call.parameters["PartNumber"],
        blob=blob,
        size=digest.size,
        etag=digest.etag,
        modified_at=int(ports.clock.now()),
        checksums=digest.checksums,
    )

    def decide(world: World) -> UploadPartPut | Refusal:
        known = _is_under_way(world, name, upload_id)
        return UploadPartPut(name, upload_id, part) if known else refusal("NoSuchUpload")

    try:
        await commit_or_raise(ports, call, decide)
    except (AwsError, JournalUnavailable):
        await ports.blobs.discard([blob])
        raise
    return part


def _is_under_way(world: World, name: BucketName, upload_id: UploadId) -> bool:
    bucket = world.buckets.get(name)
    return bucket is not None and upload_id in bucket.uploads


def _type_or_raise(algorithm: str | None, stated: str | None) -> str | None:
    """What the checksum of the whole will be (S3 user guide, "checking object integrity").

    | algorithm       | stated      | type        |
    |-----------------|-------------|-------------|
    | none            | none        | none        |
    | CRC64NVME       | none        | FULL_OBJECT |
    | CRC64NVME       | COMPOSITE   | refused     |
    | CRC32, CRC32C   | none        | COMPOSITE   |
    | others          | none        | COMPOSITE   |
    | others          | FULL_OBJECT | refused     |
    | every other one | any         | as stated   |
    """
    if algorithm is None:
        if stated is None:
            return None
        raise s3_error("InvalidRequest", "The x-amz-checksum-type header can only be used with an algorithm.")
    kind = stated or (FULL_OBJECT if algorithm == DEFAULT_ALGORITHM else COMPOSITE)
    can_be = {FULL_OBJECT: algorithm in CRCS, COMPOSITE: algorithm != DEFAULT_ALGORITHM}
    if not can_be.get(kind, False):
        raise s3_error(
            "InvalidRequest",
            f"The {kind} checksum type cannot be used with the {algorithm.lower()} checksum algorithm.",
        )
    return kind


def _raise_if_no_part_number(call: Call) -> None:
    if not 1 <= call.parameters["PartNumber"] <= MAX_PARTS:
        raise s3_error(
            "InvalidArgument",
            f"Part number must be an integer between 1 and {MAX_PARTS}, inclusive",
            members={"ArgumentName": "partNumber", "ArgumentValue": str(call.parameters["PartNumber"])},
        )


def _span_or_raise(source: StoredObject, call: Call) -> Span:
    asked = call.parameters.get("CopySourceRange")
    if asked is None:
        return Span(0, source.size)
    span = parse_copy_range(asked, source.size)
    if isinstance(span, Refusal):
        raise refused(call, span)
    return span


UPLOADING_OPERATIONS: Final[Mapping[str, Operation]] = {
    "AbortMultipartUpload": abort_multipart_upload,
    "CreateMultipartUpload": create_multipart_upload,
    "UploadPart": upload_part,
    "UploadPartCopy": upload_part_copy,
}
