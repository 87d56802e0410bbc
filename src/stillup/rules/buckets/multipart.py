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
    algorithm = upload.checksum_algorithm
    for claim in claimed:
        part = upload.parts.get(claim.number)
        if part is None or claim.etag.strip('"') != part.etag:
            return refusal("InvalidPart")
        if algorithm is not None and claim.checksum not in (None, part.checksums.get(algorithm)):
            return refusal("InvalidPart")
        if algorithm is not None and claim.checksum is None and upload.checksum_type == "COMPOSITE":
            return refusal(
                "InvalidRequest",
                f"The upload was created using a {algorithm.lower()} checksum. The complete request must include "
                f"the checksum for each part. It was missing for part {claim.number} in the request.",
            )
        chosen.append(part)
    if any(part.size < MIN_PART for part in chosen[:-1]):
        return refusal("EntityTooSmall")
    return tuple(chosen)
