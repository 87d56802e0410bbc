"""Reading one response, fed in any pieces (HC-3, HC-5, HC-6)."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.wire.http1.head import BadResponse
from stillup.wire.http1.response import MAX_HEAD, SEARCHED, ResponseReader

OK = b"HTTP/1.1 200 OK\r\n"


def read(octets: bytes, *, closes: bool = False, step: int | None = None) -> ResponseReader:
    reader = ResponseReader(wants_body=True)
    for at in range(0, len(octets), step or len(octets) or 1):
        reader.receive(octets[at : at + (step or len(octets))])
    if closes:
        reader.end()
    return reader


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("octets", "status", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", 200, "OK"),
        (b"HTTP/1.0 404 Not Found\r\nA: b\r\n\r\n", 404, "Not Found"),
        (b"HTTP/1.1 404 \r\n\r\n", 404, ""),
        (b"HTTP/1.1 404\r\n\r\n", 404, ""),
        (b"HTTP/1.1 200 OK\nA: b\n\n", 200, "OK"),
        (b"HTTP/1.1 503 Gone \xfcber\r\n\r\n", 503, "Gone über"),
        (b"HTTP/1.1 200 OK\r\nA:\r\nB: c\r\n folded\r\n\r\n", 200, "OK"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No\r\n\r\n", 204, "No"),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", 101, "Switching Protocols"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", [None, 1, 3])
def test_a_head_is_read_in_any_pieces(octets: bytes, status: int, reason: str, step: int | None) -> None:
    head = read(octets, step=step).head
    assert head is not None
    assert (head.status, head.reason) == (status, reason)


@pytest.mark.parametrize(
    "octets",
    [
        b"<html>HTTP/0.9</html>",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1  200 OK\r\n\r\n",
        OK + b"No colon\r\n\r\n",
        OK + b"Space : before colon\r\n\r\n",
        OK + b": no name\r\n\r\n",
        OK + b" folded: nothing before\r\n\r\n",
        OK + b"N\xfcme: x\r\n\r\n",
        OK + b"A: nul\x00\r\n\r\n",
        OK + b"A: lone\rreturn\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n\x16\x03\x01",
    ],
)
@pytest.mark.parametrize("step", [None, 1])
def test_a_head_that_breaks_rfc_7230_is_refused(octets: bytes, step: int | None) -> None:
    with pytest.raises(BadResponse):
        read(octets, step=step)


def test_a_head_may_have_16384_octets_and_no_more() -> None:
    def head_of(length: int) -> bytes:
        return OK + b"A: " + b"x" * (length - len(OK) - 7) + b"\r\n\r\n"

    assert read(head_of(MAX_HEAD)).head is not None
    with pytest.raises(BadResponse, match="longer"):
        read(head_of(MAX_HEAD + 1))


@pytest.mark.parametrize("endless", [b"A: b\r\n", b"x"])
def test_a_head_without_end_is_refused_and_not_kept(endless: bytes) -> None:
    reader = ResponseReader(wants_body=False)
    with pytest.raises(BadResponse, match="longer"):
        for _ in range(MAX_HEAD):
            reader.receive((OK if reader._pending == b"" else b"") + endless)


def test_a_flood_of_interim_responses_is_refused() -> None:
    with pytest.raises(BadResponse, match="longer"):
        read(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


PAGE = b"<h1>Still up</h1>" * 50
CHUNKED = b"%x;ext=1\r\n" % len(PAGE) + PAGE + b"\r\n0\r\nTrailer: x\r\n\r\n"


@pytest.mark.parametrize(
    "octets",
    [
        OK + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE,
        OK + b"Content-Length: %d, %d\r\n\r\n" % (len(PAGE), len(PAGE)) + PAGE,
        OK + b"\r\n" + PAGE,
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED,
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE, mtime=0),
        OK
        + b"Content-Encoding: gzip\r\n\r\n"
        + gzip.compress(PAGE[:99], mtime=0)
        + gzip.compress(PAGE[99:], mtime=0),
        OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(PAGE),
        OK + b"Content-Encoding: deflate\r\n\r\n" + raw_deflate(PAGE),
        OK + b"Content-Encoding: br\r\n\r\n" + PAGE,
    ],
)
@pytest.mark.parametrize("step", [None, 1, 7])
def test_a_body_is_unpacked_however_it_is_framed_and_coded(octets: bytes, step: int | None) -> None:
    assert bytes(read(octets, closes=True, step=step).body) == PAGE


def test_no_more_than_the_searched_part_is_unpacked_of_a_bomb() -> None:
    reader = read(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"\0" * 50_000_000))
    assert reader.is_complete
    assert len(reader.body) == SEARCHED


@pytest.mark.parametrize(
    "octets",
    [
        OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        OK + b"Content-Length: -3\r\n\r\nabc",
        OK + b"Content-Length: \r\n\r\nabc",
        OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nabc",
        OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKED,
        OK + b"Transfer-Encoding: chunked\r\n\r\nnope\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 5000,
        OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
        OK + b"Content-Encoding: gzip\r\n\r\nthis is not gzip at all",
        OK + b"Content-Encoding: deflate\r\n\r\n\xff\xff\xff\xff\xff",
    ],
)
def test_a_body_that_contradicts_its_head_is_refused(octets: bytes) -> None:
    with pytest.raises(BadResponse):
        read(octets)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"HTTP/1.1 200",
        OK,
        OK + b"Content-Length: 4\r\n\r\nabc",
        OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
    ],
)
def test_an_end_that_comes_too_early_is_refused(octets: bytes) -> None:
    with pytest.raises(BadResponse, match="closed before"):
        read(octets, closes=True)


def test_without_interest_in_the_body_the_head_is_enough() -> None:
    reader = ResponseReader(wants_body=False)
    reader.receive(OK + b"Content-Length: nonsense\r\n\r\n")
    assert reader.is_complete


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from([OK, b"\r\n", b"A: b\r\n", b"Transfer-Encoding: chunked\r\n", b"5\r\n",
                             b"Content-Encoding: gzip\r\n", b"Content-Length: 9\r\n", gzip.compress(PAGE)]),
        )
    ),
    st.booleans(),
)  # fmt: skip
def test_whatever_comes_is_read_or_refused(pieces: list[bytes], wants_body: bool) -> None:
    reader = ResponseReader(wants_body=wants_body)
    try:
        for piece in pieces:
            reader.receive(piece)
        reader.end()
    except BadResponse:
        pass
    assert len(reader.body) <= SEARCHED


@given(st.binary(max_size=2000), st.integers(1, 50), st.sampled_from(["", "gzip", "deflate"]))
def test_how_the_octets_are_cut_makes_no_difference(body: bytes, step: int, coding: str) -> None:
    packed = {"": body, "gzip": gzip.compress(body), "deflate": zlib.compress(body)}[coding]
    octets = OK + b"Content-Encoding: %s\r\n\r\n" % coding.encode() + packed
    assert bytes(read(octets, closes=True, step=step).body) == body
