"""The digests that travel with a payload: what a caller declares, and whether the octets keep to it."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

import anycrc
import xxhash

from stillup.wire.aws.messages import AwsError


class Digest(Protocol):
    """A hash in the making, as hashlib has them."""

    def update(self, octets: bytes, /) -> object:
        """Take more octets."""

    def digest(self) -> bytes:
        """The hash of all octets so far."""


class _Crc:
    """A CRC as a Digest."""

    def __init__(self, model: anycrc.CRC, octets: int) -> None:
        self._model, self._octets, self._value = model, octets, 0

    def update(self, octets: bytes, /) -> None:
        self._value = self._model.calc(octets, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._octets, "big")


CRCS: Final[Mapping[str, tuple[anycrc.CRC, int]]] = {
    "CRC32": (anycrc.Model("CRC32"), 4),
    "CRC32C": (anycrc.Model("CRC32C"), 4),
    "CRC64NVME": (anycrc.Model("CRC64-NVME"), 8),
}
"""The CRCs and their sizes in octets. Of all algorithms these alone give the whole's checksum from the parts'."""

ALGORITHMS: Final[Mapping[str, Callable[[], Digest]]] = {
    **{name: partial(_Crc, *crc) for name, crc in CRCS.items()},
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
    "SHA512": hashlib.sha512,
    "MD5": lambda: hashlib.md5(usedforsecurity=False),
    "XXHASH64": xxhash.xxh64,
    "XXHASH3": xxhash.xxh3_64,
    "XXHASH128": xxhash.xxh3_128,
}
"""S3's checksum algorithms by the names of its model; in headers, `x-amz-checksum-` and the name."""

_PREFIX: Final = "x-amz-checksum-"
_HEADERS: Final = {_PREFIX + name.lower(): name for name in ALGORITHMS}


def combine(algorithm: str, parts: Sequence[tuple[str, int]]) -> str:
    """The FULL_OBJECT checksum, in base64, of parts given by checksum and size. CRCs only: else KeyError."""
    model, octets = CRCS[algorithm]
    whole = 0
    for checksum, size in parts:
        whole = model.combine(whole, int.from_bytes(b64decode(checksum), "big"), size)
    return b64encode(whole.to_bytes(octets, "big")).decode("ascii")


@dataclass(frozen=True, slots=True)
class Expectation:
    """One digest that the octets must have, and the error where they do not."""

    algorithm: str
    value: bytes
    error: str
    message: str
    shows_digests: bool = False
    """Whether the error tells both digests, as that of Content-MD5 does."""


class PayloadCheck:
    """Holds a payload against what its headers, and then its trailers, declare.

    `update` as octets pass, `finish` at their end. Raises AwsError at once for a declaration that is no digest.
    `describe_payload` is false where the `x-amz-checksum-` headers are about something else: those of
    CompleteMultipartUpload are the object's.
    """

    def __init__(self, headers: Mapping[str, str], *, describe_payload: bool = True) -> None:
        self._expected = [*_content_md5(headers), *_content_sha256(headers)]
        if describe_payload:
            self._expected += _declared_checksums(headers)
        announced = [name.strip().lower() for name in headers.get("x-amz-trailer", "").split(",")]
        self._announced = [name for name in announced if name in _HEADERS]
        names = {item.algorithm for item in self._expected} | {_HEADERS[name] for name in self._announced}
        self._digests = {name: ALGORITHMS[name]() for name in names}

    def update(self, octets: bytes) -> None:
        """Take more of the payload."""
        for digest in self._digests.values():
            digest.update(octets)

    def finish(self, trailers: Mapping[str, str]) -> None:
        """All octets are here. Raises AwsError for the first digest that does not hold."""
        for name in self._announced:
            if name not in trailers:
                raise AwsError("MalformedTrailerError", _BAD_TRAILER, status=400)
        announced = {name: trailers[name] for name in self._announced}
        for item in [*self._expected, *_declared_checksums(announced)]:
            digest = self._digests[item.algorithm].digest()
            if digest != item.value:
                digests = {"ExpectedDigest": item.value.hex(), "CalculatedDigest": b64encode(digest).decode()}
                members = digests if item.shows_digests else {}
                raise AwsError(item.error, item.message, status=400, members=members)


_BAD_TRAILER: Final = (
    "The request contained trailing data that was not well-formed or did not conform to our published schema."
)


def _content_md5(headers: Mapping[str, str]) -> list[Expectation]:
    """RFC 1864. AWS's code for what is no MD5 is InvalidDigest."""
    text = headers.get("content-md5")
    if text is None:
        return []
    value = _base64(text)
    if value is None or len(value) != hashlib.md5(usedforsecurity=False).digest_size:
        reason = "The Content-MD5 you specified was invalid."
        raise AwsError("InvalidDigest", reason, status=400, members={"Content-MD5": text})
    text = "The Content-MD5 you specified did not match what we received."
    return [Expectation("MD5", value, "BadDigest", text, shows_digests=True)]


def _content_sha256(headers: Mapping[str, str]) -> list[Expectation]:
    """The hash that Signature Version 4 signs; the words in its place (UNSIGNED-PAYLOAD, STREAMING-…) bind nothing."""
    text = headers.get("x-amz-content-sha256", "")
    if text == "UNSIGNED-PAYLOAD" or text.startswith("STREAMING-") or not text:
        return []
    try:
        value = bytes.fromhex(text)
    except ValueError:
        value = b""
    if len(value) != hashlib.sha256().digest_size:
        reason = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD or a valid sha256 value."
        raise AwsError("InvalidArgument", reason, status=400)
    text = "The provided 'x-amz-content-sha256' header does not match what was computed."
    return [Expectation("SHA256", value, "XAmzContentSHA256Mismatch", text)]


def _declared_checksums(fields: Mapping[str, str]) -> list[Expectation]:
    found: list[Expectation] = []
    for header, algorithm in _HEADERS.items():
        text = fields.get(header)
        if text is None:
            continue
        value = _base64(text.strip())
        if value is None or len(value) != len(ALGORITHMS[algorithm]().digest()):
            raise AwsError("InvalidRequest", f"Value for {header} header is invalid.", status=400)
        if found:
            reason = "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
            raise AwsError("InvalidRequest", reason, status=400)
        message = f"The {algorithm} you specified did not match the calculated checksum."
        found.append(Expectation(algorithm, value, "BadDigest", message))
    return found


def _base64(text: str) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
