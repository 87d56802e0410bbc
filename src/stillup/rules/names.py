"""Domain names as Route 53 spells and orders them.

A name is a tuple of lower-case labels without the root (RFC 1035 §2.3.3: case does not matter), so
"is it under this zone" is a comparison of labels, never of text. Text follows Route 53 (NM-1 … NM-3).
"""

from __future__ import annotations

import re
from functools import total_ordering
from typing import Final

MAX_LABEL: Final = 63
MAX_NAME: Final = 255
"""Octets on the wire, the root included (RFC 1035 §3.1)."""

_PLAIN: Final = b"abcdefghijklmnopqrstuvwxyz0123456789-_"
_WITHOUT_ESCAPES: Final = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII but the space and the backslash."""
_ESCAPE: Final = re.compile(r"\\[0-3][0-7]{2}")


class InvalidName(ValueError):
    """The caller's text is not a domain name; reads as Route 53 puts it (2.7)."""

    def __init__(self, problem: str, explanation: str, found: str) -> None:
        super().__init__(f"FATAL problem: {problem} ({explanation}) encountered with '{found}'")


@total_ordering
class DomainName:
    """An absolute domain name; immutable, hashable, ordered as Route 53 lists names (LS-1)."""

    __slots__ = ("_hash", "_sort_key", "labels")

    labels: tuple[bytes, ...]
    """Lower-case, leftmost first, without the root label."""

    def __init__(self, labels: tuple[bytes, ...]) -> None:
        """Raises InvalidName for empty labels, labels over 63 octets and names over 255 (NM-3)."""
        octets = 1
        for label in labels:
            if not label:
                raise InvalidName("DomainLabelEmpty", "Domain label is empty", _join(labels))
            if len(label) > MAX_LABEL:
                raise InvalidName("DomainLabelTooLong", "Domain label is too long", _escape(label))
            octets += len(label) + 1
        if octets > MAX_NAME:
            raise InvalidName("DomainNameTooLong", "Domain name is too long", _join(labels))
        lowered = tuple(label.lower() for label in labels)
        object.__setattr__(self, "labels", lowered)
        object.__setattr__(self, "_hash", hash(lowered))
        object.__setattr__(self, "_sort_key", None)

    def __setattr__(self, attribute: str, value: object) -> None:
        raise AttributeError("a DomainName does not change")

    @classmethod
    def from_text(cls, text: str) -> DomainName:
        r"""Parse Route 53's text: the final dot is optional, `\ooo` is an octet in octal (NM-1, NM-2).

        Raises InvalidName for empty labels, labels and names that are too long, characters other than
        printable ASCII and broken escapes.
        """
        if text in ("", "."):
            return ROOT
        # A dot within a label is written `\056`, so every dot that is seen ends one.
        return cls(tuple(map(_read_label, text.removesuffix(".").split("."))))

    @classmethod
    def from_wire(cls, octets: bytes, at: int = 0) -> DomainName:
        """Read the uncompressed wire form that begins at this offset (RFC 1035 §3.1).

        Raises InvalidName for a compression pointer and for a name that does not end.
        """
        labels: list[bytes] = []
        while at < len(octets):
            length = octets[at]
            if length == 0:
                return cls(tuple(labels))
            labels.append(octets[at + 1 : at + 1 + length])
            at += 1 + length
        raise InvalidName("DomainNameUnfinished", "Domain name lacks the root label", _join(tuple(labels)))

    def to_text(self) -> str:
        r"""Route 53's text, with the final dot; all but `a-z 0-9 - _` is `\ooo` (NM-2)."""
        return _join(self.labels)

    def to_wire(self) -> bytes:
        """The uncompressed wire form (RFC 1035 §3.1)."""
        return b"".join(bytes((len(label),)) + label for label in self.labels) + b"\0"

    def is_under(self, other: DomainName) -> bool:
        """Whether this name is `other` or lies below it."""
        depth = len(other.labels)
        return depth == 0 or self.labels[-depth:] == other.labels

    @property
    def is_wildcard(self) -> bool:
        """Whether the leftmost label, as a whole, is an asterisk (NM-4, RFC 4592 §2.1.1)."""
        return self.labels[:1] == (b"*",)

    def parent(self) -> DomainName:
        """The name without its leftmost label; the root's parent is the root."""
        return DomainName(self.labels[1:])

    def wildcard(self) -> DomainName:
        """The wildcard directly below this name."""
        return DomainName((b"*", *self.labels))

    def sort_key(self) -> bytes:
        """Labels reversed, each followed by a dot, compared octet by octet as they are (LS-1).

        A dot or a backslash inside a label stays escaped, so that no two names share a key.
        """
        key: bytes | None = self._sort_key  # type: ignore[attr-defined]
        if key is None:
            key = b"".join(_protect_dots(label) + b"." for label in reversed(self.labels))
            object.__setattr__(self, "_sort_key", key)
        return key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DomainName) and self.labels == other.labels

    def __hash__(self) -> int:
        return self._hash  # type: ignore[attr-defined,no-any-return]

    def __lt__(self, other: DomainName) -> bool:
        return self.sort_key() < other.sort_key()

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"DomainName({self.to_text()!r})"


def _read_label(text: str) -> bytes:
    if _WITHOUT_ESCAPES.fullmatch(text):
        return text.encode()
    octets = bytearray()
    at = 0
    while at < len(text):
        if text[at] == "\\":
            octets.append(_read_escape(text[at : at + 4]))
            at += 4
        elif "!" <= text[at] <= "~":
            octets += text[at].encode()
            at += 1
        else:
            raise InvalidName("UnsupportedCharacter", "Value contains unsupported characters", text[at])
    return bytes(octets)


def _read_escape(text: str) -> int:
    if _ESCAPE.fullmatch(text) is None:
        raise InvalidName("InvalidEscape", "A backslash must precede an octal code, 000 to 377", text)
    return int(text[1:], 8)


def _escape(label: bytes) -> str:
    if not label.translate(None, delete=_PLAIN):
        return label.decode()
    return "".join(chr(octet) if octet in _PLAIN else f"\\{octet:03o}" for octet in label)


def _join(labels: tuple[bytes, ...]) -> str:
    return "".join(f"{_escape(label)}." for label in labels) or "."


def _protect_dots(label: bytes) -> bytes:
    return label.replace(b"\\", b"\\134").replace(b".", b"\\056")


ROOT: Final = DomainName(())
