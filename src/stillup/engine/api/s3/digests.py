"""Digests of contents: MD5 for the ETag and the checksums that the caller or S3 wants, in one pass."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Final

from stillup.engine.api.call import Call
from stillup.wire.aws.checksums import ALGORITHMS

FULL_OBJECT: Final = "FULL_OBJECT"
COMPOSITE: Final = "COMPOSITE"
DEFAULT_ALGORITHM: Final = "CRC64NVME"
"""What S3 computes when the caller names none."""


class ContentDigest:
    """Size, ETag and checksums of octets that pass by."""

    def __init__(self, algorithms: Iterable[str]) -> None:
        self.size = 0
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._hashes = {algorithm: ALGORITHMS[algorithm]() for algorithm in algorithms}

    async def watch(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same chunks."""
        async for chunk in chunks:
            self.size += len(chunk)
            self._md5.update(chunk)
            for each in self._hashes.values():
                each.update(chunk)
            yield chunk

    @property
    def etag(self) -> str:
        """MD5 in hexadecimal, without quotes."""
        return self._md5.hexdigest()

    @property
    def checksums(self) -> dict[str, str]:
        """Base64 by algorithm."""
        return {name: b64encode(each.digest()).decode() for name, each in self._hashes.items()}


def declared_algorithm(call: Call) -> str | None:
    """The algorithm of the checksum that comes with the payload: in a header, announced, or in a trailer."""
    for algorithm in ALGORITHMS:
        if f"Checksum{algorithm}" in call.parameters:
            return algorithm
    announced = str(call.parameters.get("ChecksumAlgorithm", "")).upper()
    trailer = call.request.headers.get("x-amz-trailer", "").strip().lower()
    trailing = trailer.removeprefix("x-amz-checksum-").upper()
    return next((name for name in (announced, trailing) if name in ALGORITHMS), None)


def etag_of_parts(etags: Sequence[str]) -> str:
    """The ETag of an object in parts: MD5 of the parts' MD5s, and how many there are."""
    joined = b"".join(bytes.fromhex(etag) for etag in etags)
    return f"{hashlib.md5(joined, usedforsecurity=False).hexdigest()}-{len(etags)}"


def composite(algorithm: str, checksums: Sequence[str]) -> str:
    """A COMPOSITE checksum: the checksum of the parts' checksums, and how many there are."""
    whole = ALGORITHMS[algorithm]()
    for checksum in checksums:
        whole.update(b64decode(checksum))
    return f"{b64encode(whole.digest()).decode()}-{len(checksums)}"
