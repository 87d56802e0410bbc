"""Digests that travel with a payload."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.wire.aws.checksums import ALGORITHMS, PayloadCheck, combine
from stillup.wire.aws.messages import AwsError

HELLO = b"hello"


def base64(octets: bytes) -> str:
    return b64encode(octets).decode()


def digest(algorithm: str, octets: bytes) -> str:
    state = ALGORITHMS[algorithm]()
    state.update(octets)
    return base64(state.digest())


def check(headers: dict[str, str], payload: bytes = HELLO, trailers: dict[str, str] | None = None) -> None:
    checked = PayloadCheck(headers)
    checked.update(payload[:2])
    checked.update(payload[2:])
    checked.finish(trailers or {})


@pytest.mark.parametrize(
    ("algorithm", "published"),
    [
        ("CRC32", "cbf43926"),
        ("CRC32C", "e3069283"),
        ("CRC64NVME", "ae8b14860a799888"),
        ("XXHASH64", "8cb841db40e6ae83"),
        ("XXHASH3", "72dcb18b67a17dff"),
        ("XXHASH128", "33119477ede5dcd5e9716427681d5860"),
    ],
)
def test_every_algorithm_gives_its_published_check_value(algorithm: str, published: str) -> None:
    assert digest(algorithm, b"123456789") == base64(bytes.fromhex(published))


def test_what_holds_passes() -> None:
    check(
        {
            "content-md5": base64(hashlib.md5(HELLO, usedforsecurity=False).digest()),
            "x-amz-content-sha256": hashlib.sha256(HELLO).hexdigest(),
            "x-amz-checksum-crc64nvme": digest("CRC64NVME", HELLO),
        }
    )
    trailer = {"x-amz-checksum-crc32c": digest("CRC32C", HELLO)}
    check({"x-amz-trailer": "x-amz-checksum-crc32c"}, trailers=trailer)
    check({"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
    check({"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"})


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"content-md5": base64(bytes(16))}, "BadDigest"),
        ({"content-md5": "nonsense"}, "InvalidDigest"),
        ({"content-md5": base64(bytes(15))}, "InvalidDigest"),
        ({"x-amz-content-sha256": "0" * 64}, "XAmzContentSHA256Mismatch"),
        ({"x-amz-content-sha256": "0" * 63}, "InvalidArgument"),
        ({"x-amz-content-sha256": "EMPTY"}, "InvalidArgument"),
        ({"x-amz-checksum-crc32": base64(bytes(4))}, "BadDigest"),
        ({"x-amz-checksum-crc32": base64(bytes(5))}, "InvalidRequest"),
        ({"x-amz-checksum-sha256": "é"}, "InvalidRequest"),
        (
            {
                "x-amz-checksum-sha1": digest("SHA1", HELLO),
                "x-amz-checksum-crc32": digest("CRC32", HELLO),
            },
            "InvalidRequest",
        ),
        ({"x-amz-trailer": "x-amz-checksum-crc32"}, "MalformedTrailerError"),
    ],
)
def test_what_does_not_hold_is_refused(headers: dict[str, str], code: str) -> None:
    with pytest.raises(AwsError) as refused:
        check(headers)
    assert refused.value.code == code


def test_a_wrong_content_md5_is_told_with_the_right_one() -> None:
    with pytest.raises(AwsError) as refused:
        check({"content-md5": base64(bytes(16))})
    right = base64(hashlib.md5(HELLO, usedforsecurity=False).digest())
    assert refused.value.members == {"ExpectedDigest": "00" * 16, "CalculatedDigest": right}
    with pytest.raises(AwsError) as refused:
        check({"content-md5": "nonsense"})
    assert refused.value.members == {"Content-MD5": "nonsense"}


def test_a_trailer_that_does_not_hold_is_refused() -> None:
    with pytest.raises(AwsError) as refused:
        check({"x-amz-trailer": "x-amz-checksum-crc32"}, trailers={"x-amz-checksum-crc32": base64(bytes(4))})
    assert refused.value.code == "BadDigest"


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME"])
@given(parts=st.lists(st.binary(max_size=40), min_size=1, max_size=5))
def test_the_checksum_of_the_whole_follows_from_those_of_its_parts(
    algorithm: str, parts: list[bytes]
) -> None:
    combined = combine(algorithm, [(digest(algorithm, part), len(part)) for part in parts])
    assert combined == digest(algorithm, b"".join(parts))


def test_checksums_that_are_about_something_else_are_left_alone() -> None:
    checked = PayloadCheck({"x-amz-checksum-crc32": "AAAAAA==-3"}, describe_payload=False)
    checked.update(HELLO)
    checked.finish({})
