"""The aws-chunked coding, read without I/O: octets in, payload out, trailers at the end.

    5;chunk-signature=…\\r\\n hello \\r\\n 0;chunk-signature=…\\r\\n x-amz-checksum-crc32:AAAAAA==\\r\\n \\r\\n

Signatures are verified as the chunks pass, where somebody does that (sigv4_chunks.py); else they are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from typing import Final

from stillup.wire.aws.messages import AwsError
from stillup.wire.aws.sigv4_chunks import ChunkSignatures

MAX_LINE: Final = 8192
"""Octets in a chunk's head line or in all trailers: what a signature and a few checksums need many times over."""

_SIZE: Final = re.compile(rb"[0-9A-Fa-f]{1,16}")


class _State(Enum):
    HEAD = auto()
    DATA = auto()
    DATA_END = auto()
    TRAILER = auto()
    DONE = auto()


def is_aws_chunked(headers: Mapping[str, str]) -> bool:
    """Whether the body is framed: `x-amz-content-sha256: STREAMING-…` says so, or the Content-Encoding."""
    codings = headers.get("content-encoding", "").lower()
    return headers.get("x-amz-content-sha256", "").startswith("STREAMING-") or "aws-chunked" in codings


def decoded_length(headers: Mapping[str, str]) -> int | None:
    """What `x-amz-decoded-content-length` declares. Raises AwsError if that is no number."""
    text = headers.get("x-amz-decoded-content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        raise AwsError(
            "InvalidArgument", "x-amz-decoded-content-length must be a number of octets.", status=400
        )
    return int(text)


class ChunkedDecoder:
    """Feed it octets with receive(), then call finish(); `trailers` are there after that.

    A chunk's octets are given out before its signature is seen to be wrong: keep nothing until finish() returns.
    """

    def __init__(self, expected_length: int | None = None, signatures: ChunkSignatures | None = None) -> None:
        self.trailers: dict[str, str] = {}
        self._expected = expected_length
        self._signatures = signatures
        self._signature = ""
        self._length = 0
        self._state = _State.HEAD
        self._buffer = bytearray()
        self._left = 0
        self._trailer_size = 0

    def receive(self, octets: bytes) -> Iterator[bytes]:
        """The payload in these octets. Raises AwsError where the framing is broken."""
        self._buffer += octets
        while self._state is not _State.DONE:
            if self._state is _State.DATA:
                if not self._buffer:
                    return
                piece = bytes(self._buffer[: self._left])
                del self._buffer[: len(piece)]
                self._left -= len(piece)
                if self._signatures is not None:
                    self._signatures.update(piece)
                if not self._left:
                    self._state = _State.DATA_END
                    self._end_chunk()
                yield piece
                continue
            line = self._next_line()
            if line is None:
                return
            self._take_line(line)

    def finish(self) -> None:
        """No more octets will come. Raises AwsError IncompleteBody if some should have."""
        if self._state is _State.TRAILER and not self._buffer:
            self._state = _State.DONE  # some clients leave the empty line after the last chunk out
        if self._state is not _State.DONE or self._expected not in (None, self._length):
            raise incomplete_body()
        if self._signatures is not None:
            self._signatures.end(self.trailers)

    def _take_line(self, line: bytes) -> None:
        match self._state:
            case _State.HEAD:
                self._left = _chunk_size(line)
                self._length += self._left
                if self._expected is not None and self._length > self._expected:
                    raise incomplete_body()
                self._signature = _chunk_signature(line)
                self._state = _State.DATA if self._left else _State.TRAILER
                if not self._left:
                    self._end_chunk()
            case _State.DATA_END:
                if line:
                    raise _malformed()
                self._state = _State.HEAD
            case _:
                self._take_trailer(line)

    def _end_chunk(self) -> None:
        if self._signatures is not None:
            self._signatures.end_chunk(self._signature)

    def _take_trailer(self, line: bytes) -> None:
        """`name:value`; AWS's clients may end the line with an LF of the value's own before CRLF."""
        if not line:
            self._state = _State.DONE
            return
        self._trailer_size += len(line)
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or self._trailer_size > MAX_LINE:
            raise _malformed()
        self.trailers[name.strip().lower()] = value.strip()

    def _next_line(self) -> bytes | None:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            if len(self._buffer) > MAX_LINE:
                raise _malformed()
            return None
        if end > MAX_LINE:
            raise _malformed()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line


def incomplete_body() -> AwsError:
    """Fewer or more octets than were declared."""
    text = "You did not provide the number of bytes specified by the Content-Length HTTP header"
    return AwsError("IncompleteBody", text, status=400)


def _chunk_size(line: bytes) -> int:
    size = _SIZE.fullmatch(line.partition(b";")[0].strip())
    if size is None:
        raise _malformed()
    return int(size[0], 16)


def _chunk_signature(line: bytes) -> str:
    """The extension `chunk-signature=…`; empty where there is none."""
    name, _, value = line.partition(b";")[2].decode("latin-1").strip().partition("=")
    return value if name == "chunk-signature" else ""


def _malformed() -> AwsError:
    return AwsError("InvalidRequest", "The body is not a valid aws-chunked encoding.", status=400)
