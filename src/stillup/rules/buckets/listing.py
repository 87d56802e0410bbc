"""Listing keys in pages: UTF-8 order, prefixes, delimiters (S3 user guide, "listing object keys").

Code points order as their UTF-8 octets do, so Python's order of text is S3's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MAX_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing: a key, or the prefix that stands for all keys below it."""

    name: str
    is_prefix: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in order; `next_after` continues where this page ends and is None on the last one."""

    entries: tuple[Entry, ...]
    next_after: str | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of this page."""
        return tuple(entry.name for entry in self.entries if not entry.is_prefix)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The common prefixes of this page."""
        return tuple(entry.name for entry in self.entries if entry.is_prefix)


def list_page(
    keys: Iterable[str], *, prefix: str = "", delimiter: str = "", after: str = "", limit: int = MAX_PAGE
) -> Page:
    """The first `limit` entries behind `after`.

    A key that has the delimiter behind the prefix is rolled up into one entry, which counts once. An entry is
    behind `after` if its own name is, so a page that ended with a common prefix is not followed by its keys.
    """
    entries: list[Entry] = []
    if limit == 0:
        return Page((), None)
    for key in sorted(key for key in keys if key > after and key.startswith(prefix)):
        entry = _entry(key, prefix, delimiter)
        if entry.name <= after or (entries and entries[-1] == entry):
            continue
        if len(entries) == limit:
            return Page(tuple(entries), entries[-1].name)
        entries.append(entry)
    return Page(tuple(entries), None)


def _entry(key: str, prefix: str, delimiter: str) -> Entry:
    at = key.find(delimiter, len(prefix)) if delimiter else -1
    return Entry(key, is_prefix=False) if at < 0 else Entry(key[: at + len(delimiter)], is_prefix=True)
