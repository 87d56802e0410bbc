"""Tags of buckets and objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from stillup.rules.buckets.errors import refusal
from stillup.rules.refusal import Refusal

MAX_BUCKET_TAGS: Final = 50
MAX_OBJECT_TAGS: Final = 10


def parse_tags(pairs: Iterable[tuple[str, str]], *, limit: int) -> Mapping[str, str] | Refusal:
    """The tags, or the first reason why S3 would not have them (S3 user guide, "object tagging")."""
    tags: dict[str, str] = {}
    for key, value in pairs:
        if not 0 < len(key) <= 128:
            return refusal("InvalidTag", "The TagKey you have provided is invalid")
        if len(value) > 256:
            return refusal("InvalidTag", "The TagValue you have provided is invalid")
        if key.startswith("aws:"):
            return refusal("InvalidTag", "System tags cannot be added/updated by requester")
        if key in tags:
            return refusal("InvalidTag", "Cannot provide multiple Tags with the same key")
        tags[key] = value
    if len(tags) > limit:
        what = "Object" if limit == MAX_OBJECT_TAGS else "Bucket"
        return refusal("BadRequest", f"{what} tags cannot be greater than {limit}")
    return tags
