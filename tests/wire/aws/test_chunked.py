"""The aws-chunked coding, against botocore's own encoder and however the octets are cut."""

from __future__ import annotations

import itertools
from io import BytesIO

import pytest
from botocore.httpchecksum import AwsChunkedWrapper, Crc32Checksum
from hypothesis import given
from hypothesis import strategies as st

from stillup.wire.aws.chunked import MAX_LINE, ChunkedDecoder, decoded_length, is_aws_chunked
from stillup.wire.aws.messages import AwsError


def decode(
    octets: bytes, cuts: list[int] | None = None, length: int | None = None
) -> tuple[bytes, dict[str, str]]:
    decoder = ChunkedDecoder(length)
    found = b""
    places = [0, *sorted(cut % (len(octets) + 1) for cut in cuts or []), len(octets)]
    for start, end in itertools.pairwise(places):
        found += b"".join(decoder.receive(octets[start:end]))
    decoder.finish()
    return found, decoder.trailers


@pytest.mark.slow
@given(st.binary(max_size=300), st.integers(1, 100), st.lists(st.integers(0, 1000), max_size=8))
def test_what_botocore_encodes_is_decoded_however_it_is_cut(
    payload: bytes, chunk: int, cuts: list[int]
) -> None:
    encoded = AwsChunkedWrapper(
        BytesIO(payload), checksum_cls=Crc32Checksum, checksum_name="x-amz-checksum-crc32", chunk_size=chunk
    ).read()
    found, trailers = decode(encoded, cuts, len(payload))
    assert found == payload
    checksum = Crc32Checksum()
    checksum.update(payload)
    assert trailers == {"x-amz-checksum-crc32": checksum.b64digest()}


SIGNED = (
    b"5;chunk-signature=" + b"a" * 64 + b"\r\nhello\r\n"
    b"0;chunk-signature="
    + b"b" * 64
    + b"\r\nx-amz-checksum-crc32:AAAAAA==\n\r\nx-amz-trailer-signature:cc\r\n\r\n"
)


def test_signed_chunks_and_signed_trailers_are_read() -> None:
    found, trailers = decode(SIGNED, [1, 3, 30, 90, 91], 5)
    assert found == b"hello"
    assert trailers == {"x-amz-checksum-crc32": "AAAAAA==", "x-amz-trailer-signature": "cc"}


def test_the_empty_line_after_the_last_chunk_may_be_missing() -> None:
    assert decode(b"5\r\nhello\r\n0\r\n") == (b"hello", {})


@pytest.mark.parametrize(
    ("octets", "length", "code"),
    [
        (b"", None, "IncompleteBody"),
        (b"5\r\nhel", None, "IncompleteBody"),
        (b"5\r\nhello\r\n", None, "IncompleteBody"),
        (b"5\r\nhello\r\n0\r\n\r\n", 4, "IncompleteBody"),
        (b"5\r\nhello\r\n0\r\n\r\n", 6, "IncompleteBody"),
        (b"5\r\nhelloX\r\n0\r\n\r\n", None, "InvalidRequest"),
        (b"zz\r\n", None, "InvalidRequest"),
        (b"-5\r\n", None, "InvalidRequest"),
        (b"0x5\r\nhello\r\n0\r\n\r\n", None, "InvalidRequest"),
        (b"\r\n", None, "InvalidRequest"),
        (b"1" * 17 + b"\r\n", None, "InvalidRequest"),
        (b"0\r\nno colon\r\n\r\n", None, "InvalidRequest"),
        (b"0\r\na:" + b"b" * MAX_LINE + b"\r\n\r\n", None, "InvalidRequest"),
        (b"f" * (MAX_LINE + 1), None, "InvalidRequest"),
    ],
)
def test_broken_framing_is_refused(octets: bytes, length: int | None, code: str) -> None:
    with pytest.raises(AwsError) as refused:
        decode(octets, length=length)
    assert refused.value.code == code


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=4))
def test_any_octets_are_decoded_or_refused(octets: bytes, cuts: list[int]) -> None:
    try:
        decode(octets, cuts)
    except AwsError as refused:
        assert refused.code in ("IncompleteBody", "InvalidRequest")


def test_the_framing_is_announced_in_either_header() -> None:
    assert is_aws_chunked({"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"})
    assert is_aws_chunked({"content-encoding": "gzip, aws-chunked"})
    assert not is_aws_chunked({"x-amz-content-sha256": "UNSIGNED-PAYLOAD", "content-encoding": "gzip"})


@pytest.mark.parametrize("text", ["-1", "x", "", "1" * 20, "²"])
def test_a_decoded_length_is_a_number(text: str) -> None:
    with pytest.raises(AwsError):
        decoded_length({"x-amz-decoded-content-length": text})
