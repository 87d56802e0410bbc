"""Tags of buckets and objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from unicodedata import category

from stillup.rules.buckets.errors import refusal
from stillup.rules.refusal import Refusal

MAX_BUCKET_TAGS: Final = 50
MAX_OBJECT_TAGS: Final = 10

_SYSTEM_TAG: Final = {
    MAX_BUCKET_TAGS: "System tags cannot be added/updated by requester",
    MAX_OBJECT_TAGS: "Your TagKey cannot be prefixed with aws:",
}


def parse_tags(pairs: Iterable[tuple[str, str]], *, limit: int) -> Mapping[str, str] | Refusal:
    """The tags, or the first reason why S3 would not have them (S3 user guide, "object tagging")."""
    tags: dict[str, str] = {}
    for key, value in pairs:
        if not 0 < len(key) <= 128 or not _is_plain(key):
            return refusal("InvalidTag", "The TagKey you have provided is invalid", TagKey=key)
        if len(value) > 256 or not _is_plain(value):
            text = "The TagValue you have provided is invalid"
            return refusal("InvalidTag", text, TagKey=key, TagValue=value)
        if key.startswith("aws:"):
            return refusal("InvalidTag", _SYSTEM_TAG[limit], TagKey=key)
        if key in tags:
            return refusal("InvalidTag", "Cannot provide multiple Tags with the same key", TagKey=key)
        tags[key] = value
    if len(tags) > limit:
        what = "Object" if limit == MAX_OBJECT_TAGS else "Bucket"
        return refusal("BadRequest", f"{what} tags cannot be greater than {limit}")
    return tags


def _is_plain(text: str) -> bool:
    """Letters, numbers and spaces of any script, and `_ . : / = + - @`."""
    return all(character in "_.:/=+-@" or category(character)[0] in ("L", "N", "Z") for character in text)
