"""Signed chunks and trailers: the examples of the S3 API Reference, and every change of them refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.wire.aws.chunked import ChunkedDecoder
from stillup.wire.aws.messages import AwsError, HttpRequest
from stillup.wire.aws.sigv4 import SignatureV4, raise_if_not_signed_by
from stillup.wire.aws.sigv4_chunks import chunk_signatures
from stillup.wire.aws.sigv4_claim import read_header

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
PLAIN = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
SIZES = (65536, 1024, 0)
CHUNKS = (
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
)
CHUNKS_BEFORE_TRAILER = (
    "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
    "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
    "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
)
TRAILERS = (
    b"x-amz-checksum-crc32c:sOO8/Q==\r\n"
    b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n"
)


def framed(signatures: tuple[str, ...], trailers: bytes = b"") -> bytes:
    chunks = (
        b"%x;chunk-signature=%s\r\n" % (size, signature.encode()) + (b"a" * size + b"\r\n" if size else b"")
        for size, signature in zip(SIZES, signatures, strict=True)
    )
    return b"".join(chunks) + trailers + b"\r\n"


def seed(payload_hash: str) -> SignatureV4:
    """The example's request, its own signature verified."""
    is_plain = payload_hash == PLAIN
    headers = {
        "host": "s3.amazonaws.com",
        "x-amz-date": "20130524T000000Z",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "x-amz-content-sha256": payload_hash,
        "content-encoding": "aws-chunked",
        "x-amz-decoded-content-length": "66560",
        **({"content-length": "66824"} if is_plain else {"x-amz-trailer": "x-amz-checksum-crc32c"}),
    }
    signature = (
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
        if is_plain
        else "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
    )
    headers["authorization"] = (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        f"SignedHeaders={';'.join(sorted(headers))}, Signature={signature}"
    )
    request = HttpRequest("PUT", "/examplebucket/chunkObject.txt", "", headers)
    found = read_header(request, service="s3")
    raise_if_not_signed_by(SECRET, found, request, service="s3", payload_hash=payload_hash)
    return found


def decode(octets: bytes, payload_hash: str, *, step: int = 5000) -> int:
    """How many octets of payload there were."""
    decoder = ChunkedDecoder(66560, chunk_signatures(SECRET, SEEDS[payload_hash], payload_hash))
    length = 0
    for at in range(0, len(octets), step):
        length += sum(map(len, decoder.receive(octets[at : at + step])))
    decoder.finish()
    return length


SEEDS = {each: seed(each) for each in (PLAIN, TRAILER)}
EXAMPLES = {PLAIN: framed(CHUNKS), TRAILER: framed(CHUNKS_BEFORE_TRAILER, TRAILERS)}


@pytest.mark.parametrize("payload_hash", EXAMPLES)
@pytest.mark.parametrize("step", [97, 65_622, 1_000_000])
def test_the_examples_of_the_reference_are_accepted(payload_hash: str, step: int) -> None:
    assert decode(EXAMPLES[payload_hash], payload_hash, step=step) == 66560


@settings(max_examples=60)
@given(st.sampled_from([PLAIN, TRAILER]), st.data())
def test_no_octet_of_a_payload_can_be_changed(payload_hash: str, data: st.DataObject) -> None:
    octets = EXAMPLES[payload_hash]
    tail = len(octets) - 600
    # The line ends after the last signature are white space, to which no signature holds.
    at = data.draw(st.one_of(st.integers(0, 200), st.integers(tail, len(octets) - 5)))
    put = data.draw(st.sampled_from([b"b", b"0", b";", b""]))
    changed = octets[:at] + put + octets[at + 1 :]
    if changed != octets:
        with pytest.raises(AwsError) as refused:
            decode(changed, payload_hash)
        assert refused.value.code in ("SignatureDoesNotMatch", "IncompleteBody", "InvalidRequest")


def test_chunks_must_come_in_their_order_and_all_of_them() -> None:
    with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
        decode(framed((CHUNKS[1], CHUNKS[0], CHUNKS[2])), PLAIN)
    with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
        decode(framed((*CHUNKS[:2], "")), PLAIN)
    with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
        decode(framed(CHUNKS_BEFORE_TRAILER), TRAILER)
    with pytest.raises(AwsError, match="IncompleteBody"):
        decode(EXAMPLES[PLAIN][:66000], PLAIN)


def test_chunks_are_signed_in_two_ways_and_no_other() -> None:
    assert chunk_signatures(SECRET, SEEDS[PLAIN], "STREAMING-UNSIGNED-PAYLOAD-TRAILER") is None
    assert chunk_signatures(SECRET, SEEDS[PLAIN], "UNSIGNED-PAYLOAD") is None
    with pytest.raises(AwsError, match="InvalidArgument"):
        chunk_signatures(SECRET, SEEDS[PLAIN], "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")
