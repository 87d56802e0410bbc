"""Text that somebody else wrote, fit for a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Without control characters: what an account or a page holds was written by anybody, and a terminal would obey."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def printable_lines(text: str) -> str:
    """The same, where our own text has lines."""
    return "\n".join(map(printable, text.split("\n")))
