"""Digests of contents: MD5 for the ETag and the checksums that the caller or S3 wants, in one pass."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Final, Protocol

from awscrt import checksums as crt

from stillup.engine.api.call import Call

FULL_OBJECT: Final = "FULL_OBJECT"
COMPOSITE: Final = "COMPOSITE"
DEFAULT_ALGORITHM: Final = "CRC64NVME"
"""What S3 computes when the caller names none."""


class _Hash(Protocol):
    def update(self, octets: bytes, /) -> object: ...

    def digest(self) -> bytes: ...


class _Crc:
    """A CRC with the interface of a hash."""

    def __init__(self, function: Callable[[bytes, int], int], octets: int) -> None:
        self._function, self._octets, self._value = function, octets, 0

    def update(self, octets: bytes, /) -> None:
        self._value = self._function(octets, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._octets)


class _XxHash:
    """An XXHash with the interface of a hash."""

    def __init__(self, state: crt.XXHash) -> None:
        self._state = state

    def update(self, octets: bytes, /) -> None:
        self._state.update(octets)

    def digest(self) -> bytes:
        return bytes(self._state.finalize())


ALGORITHMS: Final[Mapping[str, Callable[[], _Hash]]] = {
    "CRC32": lambda: _Crc(crt.crc32, 4),
    "CRC32C": lambda: _Crc(crt.crc32c, 4),
    "CRC64NVME": lambda: _Crc(crt.crc64nvme, 8),
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
    "SHA512": hashlib.sha512,
    "MD5": lambda: hashlib.md5(usedforsecurity=False),
    "XXHASH64": lambda: _XxHash(crt.XXHash.new_xxhash64()),
    "XXHASH3": lambda: _XxHash(crt.XXHash.new_xxhash3_64()),
    "XXHASH128": lambda: _XxHash(crt.XXHash.new_xxhash3_128()),
}
COMBINERS: Final[Mapping[str, tuple[Callable[[int, int, int], int], int]]] = {
    "CRC32": (crt.combine_crc32, 4),
    "CRC32C": (crt.combine_crc32c, 4),
    "CRC64NVME": (crt.combine_crc64nvme, 8),
}


class Digest:
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


def full_object(algorithm: str, parts: Sequence[tuple[str, int]]) -> str:
    """A FULL_OBJECT checksum from those of the parts and their sizes; CRCs only."""
    combine, octets = COMBINERS[algorithm]
    whole = 0
    for checksum, size in parts:
        whole = combine(whole, int.from_bytes(b64decode(checksum)), size)
    return b64encode(whole.to_bytes(octets)).decode()
