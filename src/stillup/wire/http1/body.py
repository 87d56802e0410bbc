"""The body of a response: where it ends (RFC 7230 §3.3.3) and what it says (RFC 7231 §3.1.2)."""

from __future__ import annotations

import re
import zlib
from enum import Enum, auto
from typing import Final, Protocol

from stillup.wire.http1.head import BadResponse, ResponseHead


class Framing(Protocol):
    """Finds the octets of the body among those of the connection."""

    is_complete: bool

    def take(self, data: bytes) -> bytes:
        """The octets of the body among these. Raises BadResponse."""


class Decoding(Protocol):
    """Undoes a content coding."""

    def decode(self, data: bytes, limit: int) -> bytes:
        """At most `limit` octets of what these say. Raises BadResponse."""


def framing_of(head: ResponseHead) -> Framing:
    """How this response says where its body ends. Raises BadResponse."""
    if head.status in (204, 304):
        return Counted(0)
    if codings := head.values("Transfer-Encoding"):
        if codings != ["chunked"]:  # the request offers no other (RFC 7230 §4.3)
            raise BadResponse("the transfer coding is not one that was asked for")
        return Chunked()
    lengths = set(head.values("Content-Length"))
    if not lengths:
        return UntilClosed()
    length = lengths.pop()
    if lengths or not _DIGITS.fullmatch(length):
        raise BadResponse("Content-Length is not one number")
    return Counted(int(length))


def decoding_of(head: ResponseHead) -> Decoding:
    """How to read the content: gzip and deflate are undone, anything else stays as it is (HC-3)."""
    match head.values("Content-Encoding"):
        case ["gzip" | "x-gzip"]:
            return Gzip()
        case ["deflate"]:
            return Deflate()
        case _:
            return AsIs()


class Counted:
    """A body of Content-Length octets."""

    def __init__(self, length: int) -> None:
        self._missing = length
        self.is_complete = length == 0

    def take(self, data: bytes) -> bytes:
        """All up to the length; what follows is ignored."""
        taken = data[: self._missing]
        self._missing -= len(taken)
        self.is_complete = self._missing == 0
        return taken


class UntilClosed:
    """A body that ends with the connection."""

    is_complete = False

    def take(self, data: bytes) -> bytes:
        """All of it."""
        return data


class Chunked:
    """The chunked transfer coding (RFC 7230 §4.1). Extensions and trailers are ignored.

    Holds at most one size line; a chunk may announce any size, since none is kept.
    """

    def __init__(self) -> None:
        self.is_complete = False
        self._expects = _Chunk.SIZE
        self._line = b""
        self._missing = 0

    def take(self, data: bytes) -> bytes:
        """The chunks' contents."""
        taken = []
        while data and not self.is_complete:
            if self._expects is _Chunk.DATA:
                taken.append(data[: self._missing])
                data = data[len(taken[-1]) :]
                self._missing -= len(taken[-1])
                if self._missing == 0:
                    self._expects = _Chunk.END
            else:
                data = self._take_line(data)
        return b"".join(taken)

    def _take_line(self, data: bytes) -> bytes:
        start, newline, rest = data.partition(b"\n")
        self._line += start
        if len(self._line) > MAX_CHUNK_LINE:
            raise BadResponse("a chunk's size line is too long")
        if not newline:
            return b""
        line, self._line = self._line.removesuffix(b"\r"), b""
        if self._expects is _Chunk.END:
            if line:
                raise BadResponse("a chunk is longer than its size")
            self._expects = _Chunk.SIZE
            return rest
        match = _CHUNK_SIZE.match(line)
        if match is None:
            raise BadResponse("a chunk's size is not a number")
        self._missing = int(match.group(1), 16)
        self._expects = _Chunk.DATA
        self.is_complete = self._missing == 0
        return rest


class _Chunk(Enum):
    SIZE = auto()
    DATA = auto()
    END = auto()


class AsIs:
    """No coding, or one that is not undone."""

    def decode(self, data: bytes, limit: int) -> bytes:
        """The octets themselves."""
        return data[:limit]


class Gzip:
    """RFC 1952, any number of members."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=31)

    def decode(self, data: bytes, limit: int) -> bytes:
        """Inflate no further than to the limit."""
        decoded = b""
        while data and len(decoded) < limit:
            if self._inflate.eof:
                self._inflate = zlib.decompressobj(wbits=31)
            decoded += _inflated(self._inflate, data, limit - len(decoded))
            data = self._inflate.unused_data
        return decoded


class Deflate:
    """RFC 1950; and the bare RFC 1951 that some servers send by this name (RFC 7230 §4.2.2)."""

    def __init__(self) -> None:
        self._start = b""
        self._inflate: zlib._Decompress | None = None

    def decode(self, data: bytes, limit: int) -> bytes:
        """Inflate no further than to the limit."""
        if self._inflate is None:
            self._start += data
            if len(self._start) < 2:
                return b""
            data = self._start
            is_zlib = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._inflate = zlib.decompressobj(wbits=15 if is_zlib else -15)
        return _inflated(self._inflate, data, limit)


def _inflated(inflate: zlib._Decompress, data: bytes, limit: int) -> bytes:
    if limit <= 0 or inflate.eof:
        return b""  # zlib takes a limit of 0 for none at all
    try:
        return inflate.decompress(data, limit)
    except zlib.error as error:
        raise BadResponse("the body is not in its Content-Encoding") from error


MAX_CHUNK_LINE: Final = 1024
_DIGITS: Final = re.compile(r"[0-9]{1,19}")
_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;|$)")
