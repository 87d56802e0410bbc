"""Byte ranges (RFC 9110 §14): S3 serves one range, and the whole object where several are asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from stillup.rules.buckets.errors import refusal
from stillup.rules.refusal import Refusal

# Names of range units may be in either case (§14.1).
_SINGLE: Final = re.compile(r"(?i:bytes)=\s*(?:([0-9]{1,19})-([0-9]{1,19})?|-([0-9]{1,19}))\s*", re.ASCII)
_FIRST_AND_LAST: Final = re.compile(r"bytes=([0-9]{1,19})-([0-9]{1,19})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Some octets of an object: `length` of them from `start` on."""

    start: int
    length: int

    def content_range(self, size: int) -> str:
        """The Content-Range header of this part of an object of that size."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


class Unsatisfiable(Enum):
    """The answer is 416."""

    RANGE = "range"


def choose_span(header: str | None, size: int) -> Span | Literal[Unsatisfiable.RANGE] | None:
    """Which octets the Range header asks for; None for all of them.

    | header                            | answer                            |
    |-----------------------------------|-----------------------------------|
    | absent, not `bytes`, malformed    | None (§14.2: ignore it)           |
    | several ranges                    | None                              |
    | last before first                 | None (§14.1.1: invalid)           |
    | first at or behind the end        | Unsatisfiable                     |
    | suffix of no octets, empty object | Unsatisfiable                     |
    | `first-`, `first-last`            | from first to last or to the end  |
    | `-suffix`                         | the last octets, at most all      |
    """
    asked = _SINGLE.fullmatch(header or "")
    if asked is None:
        return None
    first, last, suffix = (None if text is None else int(text) for text in asked.groups())
    if first is None:
        length = min(suffix or 0, size)
        return Span(size - length, length) if length else Unsatisfiable.RANGE
    if last is not None and last < first:
        return None
    if first >= size:
        return Unsatisfiable.RANGE
    end = size if last is None else min(last + 1, size)
    return Span(first, end - first)


def parse_copy_range(text: str, size: int) -> Span | Refusal:
    """Which octets of an object of this size UploadPartCopy is to copy: stricter than a Range header.

    | x-amz-copy-source-range  | answer          |
    |--------------------------|-----------------|
    | not `bytes=first-last`   | InvalidArgument |
    | last before first        | InvalidArgument |
    | first at or behind the end | InvalidRequest |
    | last at or behind the end | InvalidArgument |
    | everything else          | from first to last |
    """
    asked = _FIRST_AND_LAST.fullmatch(text)
    first, last = (int(asked[1]), int(asked[2])) if asked is not None else (1, 0)
    if last < first:
        return _no_copy_range(
            text,
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
            "zero-based offsets of the first and last bytes to copy",
        )
    if first >= size:
        return refusal("InvalidRequest", "The specified copy range is invalid for the source object size")
    if last >= size:
        return _no_copy_range(text, f"Range specified is not valid for source object of size: {size}")
    return Span(first, last + 1 - first)


def _no_copy_range(text: str, why: str) -> Refusal:
    return refusal("InvalidArgument", why, ArgumentName="x-amz-copy-source-range", ArgumentValue=text)
