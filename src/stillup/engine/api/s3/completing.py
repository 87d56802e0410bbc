"""Completing a multipart upload: from its parts to the object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.description import ENCRYPTION
from stillup.engine.api.s3.digests import (
    COMPOSITE,
    DEFAULT_ALGORITHM,
    FULL_OBJECT,
    composite,
    etag_of_parts,
)
from stillup.engine.api.s3.errors import refused, s3_error, upload_or_raise
from stillup.engine.api.s3.spelling import checksum_members, quoted
from stillup.engine.api.s3.storing import publish, raise_if_not_overwritable
from stillup.engine.ports import JournalUnavailable
from stillup.rules.buckets.bucket import MultipartUpload, StoredObject, UploadPart
from stillup.rules.buckets.multipart import ClaimedPart, choose_parts
from stillup.rules.ids import BlobId
from stillup.rules.refusal import Refusal
from stillup.wire.aws.checksums import combine
from stillup.wire.aws.messages import Output


async def complete_multipart_upload(ports: ApiPorts, call: Call) -> Output:
    """The listed parts, joined, become the object; the upload is over."""
    upload = upload_or_raise(ports, call)
    raise_if_not_overwritable(ports, call)
    parts = choose_parts(upload, _claimed_or_raise(upload, call))
    if isinstance(parts, Refusal):
        raise refused(call, parts)
    size = sum(part.size for part in parts)
    _raise_if_size_differs(call, size)
    algorithm = upload.checksum_algorithm or DEFAULT_ALGORITHM
    kind = upload.checksum_type or FULL_OBJECT
    checksum = _checksum(parts, algorithm, kind)
    _raise_if_checksum_differs(call, algorithm, checksum)
    stored = StoredObject(
        key=upload.key,
        blob=await _join(ports, parts),
        size=size,
        etag=etag_of_parts([part.etag for part in parts]),
        modified_at=int(ports.clock.now()),
        headers=upload.headers,
        metadata=upload.metadata,
        checksums={algorithm: checksum},
        checksum_type=kind,
        part_sizes=tuple(part.size for part in parts),
        part_checksums=tuple(part.checksums[algorithm] for part in parts) if kind == COMPOSITE else (),
        tags=upload.tags,
    )
    await publish(ports, call, stored, completes=upload.id)
    return Output(
        {
            "Location": f"http://{call.parameters['Bucket']}.s3.amazonaws.com/{upload.key}",
            "Bucket": call.parameters["Bucket"],
            "Key": upload.key,
            "ETag": quoted(stored.etag),
            "ServerSideEncryption": ENCRYPTION,
            **checksum_members(stored.checksums, kind),
        }
    )


async def _join(ports: ApiPorts, parts: Sequence[UploadPart]) -> BlobId:
    """The parts in one. A part that was replaced or given up meanwhile is not the one that was listed."""
    try:
        return await ports.blobs.join([part.blob for part in parts])
    except FileNotFoundError:
        raise s3_error("InvalidPart") from None
    except OSError as wrong:
        raise JournalUnavailable(f"contents cannot be kept: {wrong}") from wrong


def _claimed_or_raise(upload: MultipartUpload, call: Call) -> list[ClaimedPart]:
    stated: Sequence[Mapping[str, Any]] = (call.parameters.get("MultipartUpload") or {}).get("Parts") or ()
    if not all("PartNumber" in part and "ETag" in part for part in stated):
        raise s3_error("MalformedXML")
    checksum = f"Checksum{upload.checksum_algorithm}"
    return [ClaimedPart(part["PartNumber"], part["ETag"], part.get(checksum)) for part in stated]


def _checksum(parts: Sequence[UploadPart], algorithm: str, kind: str) -> str:
    if kind == COMPOSITE:
        return composite(algorithm, [part.checksums[algorithm] for part in parts])
    return combine(algorithm, [(part.checksums[algorithm], part.size) for part in parts])


def _raise_if_size_differs(call: Call, size: int) -> None:
    stated = call.parameters.get("MpuObjectSize", size)
    if stated != size:
        raise s3_error(
            "InvalidRequest",
            f"The provided 'x-amz-mp-object-size' header value {stated} does not match what was computed: {size}",
        )


def _raise_if_checksum_differs(call: Call, algorithm: str, checksum: str) -> None:
    stated = call.parameters.get(f"Checksum{algorithm}", checksum)
    # Clients may leave out how many parts there were.
    if stated not in (checksum, checksum.partition("-")[0]):
        raise s3_error(
            "BadDigest", f"The {algorithm.lower()} you specified did not match the calculated checksum."
        )


COMPLETING_OPERATIONS: Final[Mapping[str, Operation]] = {
    "CompleteMultipartUpload": complete_multipart_upload,
}
