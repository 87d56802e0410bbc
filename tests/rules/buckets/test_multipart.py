"""One case for each row of the table in `choose_parts`, in its order, and what is chosen else."""

from __future__ import annotations

import pytest

from stillup.rules.buckets.bucket import MultipartUpload, UploadPart
from stillup.rules.buckets.multipart import MIN_PART, ClaimedPart, choose_parts
from stillup.rules.ids import BlobId, UploadId
from stillup.rules.refusal import Refusal


def part(number: int, size: int) -> UploadPart:
    return UploadPart(number, BlobId(f"b{number}"), size, f"e{number}", 0, {"CRC32": f"c{number}"})


PARTS = {1: part(1, MIN_PART), 2: part(2, MIN_PART - 1), 5: part(5, MIN_PART), 6: part(6, 0)}


def chosen(*claimed: ClaimedPart, kind: str | None = None) -> tuple[UploadPart, ...] | Refusal:
    """From an upload without checksums, or with CRC32 of this type."""
    algorithm = None if kind is None else "CRC32"
    upload = MultipartUpload(
        UploadId("u"), "key", 0, checksum_algorithm=algorithm, checksum_type=kind, parts=PARTS
    )
    return choose_parts(upload, claimed)


ONE, TWO, FIVE, SIX = (ClaimedPart(number, f'"e{number}"') for number in PARTS)


@pytest.mark.parametrize(
    ("claimed", "kind", "code"),
    [
        ([], None, "MalformedXML"),
        ([FIVE, ONE], None, "InvalidPartOrder"),
        ([ONE, ONE], None, "InvalidPartOrder"),
        ([ClaimedPart(3, "e3")], None, "InvalidPart"),
        ([ClaimedPart(1, "other")], None, "InvalidPart"),
        ([ClaimedPart(1, "e1", "other")], "FULL_OBJECT", "InvalidPart"),
        ([ClaimedPart(1, "e1", "c1"), FIVE], "COMPOSITE", "InvalidRequest"),
        ([TWO, FIVE], None, "EntityTooSmall"),
    ],
)
def test_parts_that_make_no_object_are_refused(
    claimed: list[ClaimedPart], kind: str | None, code: str
) -> None:
    refused = chosen(*claimed, kind=kind)
    assert isinstance(refused, Refusal)
    assert refused.code == code


@pytest.mark.parametrize(
    ("claimed", "kind", "numbers"),
    [
        ([ONE, FIVE, SIX], None, [1, 5, 6]),
        ([TWO], None, [2]),
        ([ClaimedPart(1, "e1", "whatever")], None, [1]),
        ([ONE, ClaimedPart(5, "e5", "c5")], "FULL_OBJECT", [1, 5]),
        ([ClaimedPart(1, "e1", "c1"), ClaimedPart(5, "e5", "c5")], "COMPOSITE", [1, 5]),
    ],
)
def test_the_parts_that_were_claimed_make_the_object(
    claimed: list[ClaimedPart], kind: str | None, numbers: list[int]
) -> None:
    assert chosen(*claimed, kind=kind) == tuple(PARTS[number] for number in numbers)
