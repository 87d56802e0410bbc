"""The head of a response, by RFC 7230 §3.1.2 and §3.2 (HC-5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


class BadResponse(Exception):
    """The peer is at fault: this is not HTTP/1.1, or it ended too early. The text says what is wrong."""


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """A status line and its header fields. `reason` may be empty."""

    status: int
    reason: str
    fields: bytes
    """The header section as received; see `values`."""

    @property
    def is_interim(self) -> bool:
        """Whether another response follows (RFC 7231 §6.2). 101 ends the conversation in HTTP."""
        return 100 <= self.status < 200 and self.status != 101

    def values(self, name: str) -> list[str]:
        """Every value of this field, in order, split at commas and without padding, in lower case."""
        lines = [match.group(1).decode("latin-1") for match in _field(name).finditer(self.fields)]
        return [value.strip().lower() for line in lines for value in line.split(",")]


@lru_cache(maxsize=16)
def _field(name: str) -> re.Pattern[bytes]:
    """Finds this field's values, folded ones included."""
    return re.compile(rb"(?im)^" + re.escape(name.encode()) + rb":((?:[^\r\n]++|\r?\n[ \t])*+)")


def parse_head(octets: bytes) -> ResponseHead:
    """Parse a whole head, its empty line included. Raises BadResponse.

    Lenient only where RFC 7230 tells a client to be: a bare LF ends a line (§3.5), a folded value is
    accepted (§3.2.4), a status line may lack its reason phrase, here together with the space before it.
    """
    match = _HEAD.fullmatch(octets)
    if match is None:
        line = octets.split(b"\n", 1)[0].rstrip(b"\r")
        if _STATUS_LINE.fullmatch(line) is None:
            raise BadResponse("the status line does not follow RFC 7230")
        raise BadResponse("the header fields do not follow RFC 7230 section 3.2")
    status, reason, fields = match.groups()
    return ResponseHead(int(status), (reason or b"").decode("latin-1").strip(), fields)


def raise_if_not_http(start: bytes) -> None:
    """Refuse what cannot become a status line, without waiting for more. Raises BadResponse."""
    if not start.startswith(_PROTOCOL) and not _PROTOCOL.startswith(start[: len(_PROTOCOL)]):
        raise BadResponse("this is not an HTTP/1.1 response")


_PROTOCOL: Final = b"HTTP/1."
_TEXT: Final = rb"[\t \x21-\x7e\x80-\xff]*+"
_STATUS: Final = rb"HTTP/1\.[0-9] ([0-9]{3})(?: (" + _TEXT + rb"))?"
_TOKEN: Final = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_FIELD: Final = _TOKEN + rb":" + _TEXT + rb"(?:\r?\n[ \t]" + _TEXT + rb")*+\r?\n"
_STATUS_LINE: Final = re.compile(_STATUS)
_HEAD: Final = re.compile(_STATUS + rb"\r?\n((?:" + _FIELD + rb")*+)\r?\n")
