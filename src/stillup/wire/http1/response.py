"""A reader of one response, fed octet by octet or all at once; it does no I/O."""

from __future__ import annotations

import re
from typing import Final

from stillup.wire.http1.body import Decoding, Framing, UntilClosed, decoding_of, framing_of
from stillup.wire.http1.head import BadResponse, ResponseHead, parse_head, raise_if_not_http

MAX_HEAD: Final = 16_384
"""Octets of the status line and the header fields together, those of interim responses included (HC-6)."""
SEARCHED: Final = 5_120
"""Octets of the body that a search covers (HC-3). AWS does not say whether they are counted before or
after decompression; here it is after, so that the same page passes compressed and not."""


class ResponseReader:
    """Reads the response to one GET.

    `head` is None until the final (not interim) response's head is there. `body` grows to SEARCHED
    decoded octets if `wants_body`. `is_complete` says that nothing further is of interest. Memory stays
    under MAX_HEAD + SEARCHED octets plus what is fed at once.
    """

    def __init__(self, *, wants_body: bool) -> None:
        self.head: ResponseHead | None = None
        self.body = bytearray()
        self.is_complete = False
        self._wants_body = wants_body
        self._pending = b""
        self._heads_length = 0
        self._framing: Framing
        self._decoding: Decoding

    def receive(self, data: bytes) -> None:
        """Take the next octets; once complete, ignore them. Raises BadResponse."""
        if self.is_complete:
            return
        if self.head is None:
            data = self._receive_head(data)
        if self.head is not None and not self.is_complete:
            self._receive_body(data)

    def end(self) -> None:
        """The peer closed. Raises BadResponse if that came too early."""
        if self.head is None:
            raise BadResponse("the connection was closed before the end of the response's head")
        if self._wants_body and not self.is_complete and _is_delimited(self._framing):
            raise BadResponse("the connection was closed before the end of the response's body")
        self.is_complete = True

    def _receive_head(self, data: bytes) -> bytes:
        """Take the head, and interim ones before it; return what follows it."""
        scanned = max(0, len(self._pending) - 3)
        pending = self._pending + data
        raise_if_not_http(pending)
        while end := _HEAD_END.search(pending, scanned):
            self._heads_length += end.end()
            if self._heads_length > MAX_HEAD:
                break
            head, pending, scanned = parse_head(pending[: end.end()]), pending[end.end() :], 0
            if not head.is_interim:
                self._begin(head)
                return pending
            raise_if_not_http(pending)
        if self._heads_length + len(pending) > MAX_HEAD:
            raise BadResponse(f"the response's head is longer than {MAX_HEAD} octets")
        self._pending = pending
        return b""

    def _begin(self, head: ResponseHead) -> None:
        self.head = head
        self._pending = b""
        if self._wants_body:
            self._framing = framing_of(head)
            self._decoding = decoding_of(head)
            self.is_complete = self._framing.is_complete
        else:
            self.is_complete = True

    def _receive_body(self, data: bytes) -> None:
        content = self._framing.take(data)
        self.body += self._decoding.decode(content, SEARCHED - len(self.body))
        self.is_complete = self._framing.is_complete or len(self.body) >= SEARCHED


def _is_delimited(framing: Framing) -> bool:
    return not isinstance(framing, UntilClosed)


_HEAD_END: Final = re.compile(rb"\n\r?\n")
