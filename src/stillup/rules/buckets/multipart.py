"""Multipart uploads: which parts make an object (S3 user guide, "multipart upload")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from stillup.rules.buckets.bucket import MultipartUpload, UploadPart
from stillup.rules.buckets.errors import refusal
from stillup.rules.refusal import Refusal

MIN_PART: Final = 5 << 20
"""Octets in every part but the last."""
MAX_PARTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class ClaimedPart:
    """A part as the caller lists it on completion; the checksum is that of the upload's algorithm."""

    number: int
    etag: str
    checksum: str | None = None


def choose_parts(upload: MultipartUpload, claimed: Sequence[ClaimedPart]) -> tuple[UploadPart, ...] | Refusal:
    """The parts that make the object, in order; or why they do not, all parts being looked at in turn.

    | parts                                                | refusal          |
    |------------------------------------------------------|------------------|
    | none listed                                          | MalformedXML     |
    | not ascending                                        | InvalidPartOrder |
    | never uploaded, or another ETag or checksum          | InvalidPart      |
    | COMPOSITE, and no checksum listed                    | InvalidRequest   |
    | not the last, and under 5 MiB                        | EntityTooSmall   |
    """
    if not claimed:
        return refusal("MalformedXML")
    numbers = [part.number for part in claimed]
    if any(after <= before for before, after in pairwise(numbers)):
        return refusal("InvalidPartOrder")
    chosen: list[UploadPart] = []
    for claim in claimed:
        part = _claimed_part(upload, claim)
        if isinstance(part, Refusal):
            return part
        chosen.append(part)
    small = next((part for part in chosen[:-1] if part.size < MIN_PART), None)
    if small is not None:
        return refusal(
            "EntityTooSmall",
            ProposedSize=str(small.size),
            MinSizeAllowed=str(MIN_PART),
            PartNumber=str(small.number),
            ETag=small.etag,
        )
    return tuple(chosen)


def _claimed_part(upload: MultipartUpload, claim: ClaimedPart) -> UploadPart | Refusal:
    part = upload.parts.get(claim.number)
    etag = claim.etag.strip('"')
    algorithm = upload.checksum_algorithm
    if part is None or etag != part.etag:
        return refusal("InvalidPart", PartNumber=str(claim.number), ETag=etag)
    if algorithm is not None and claim.checksum not in (None, part.checksums.get(algorithm)):
        return refusal("InvalidPart", PartNumber=str(claim.number), ETag=etag)
    if algorithm is not None and claim.checksum is None and upload.checksum_type == "COMPOSITE":
        return refusal(
            "InvalidRequest",
            f"The upload was created using a {algorithm.lower()} checksum. The complete request must include "
            f"the checksum for each part. It was missing for part {claim.number} in the request.",
        )
    return part
