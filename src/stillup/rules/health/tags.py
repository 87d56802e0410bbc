"""Tags of health checks and hosted zones (HC-50)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from stillup.rules.refusal import Refusal

MOST_KEY: Final = 128
MOST_VALUE: Final = 256
"""Characters of a tag's key and value."""
MOST_AT_ONCE: Final = 10
"""Tags that one request may add, and keys that it may remove."""
MOST_TAGS: Final = 50
"""Tags of one resource: AWS's general limit."""
RESERVED_PREFIX: Final = "aws:"


def retag(
    tags: Mapping[str, str], *, add: Sequence[tuple[str, str]], remove: Sequence[str]
) -> dict[str, str] | Refusal:
    """The tags after a ChangeTagsForResource: what is removed first, then what is added.

    Keys that are not there are removed with success. Refuses with InvalidInput, all reasons at once.
    """
    kept = {key: value for key, value in tags.items() if key not in remove}
    changed = {**kept, **dict(add)}
    reasons = tuple(_wrong(add, remove, changed))
    return Refusal("InvalidInput", reasons) if reasons else changed


def _wrong(
    add: Sequence[tuple[str, str]], remove: Sequence[str], changed: Mapping[str, str]
) -> Iterator[str]:
    if not add and not remove:
        yield "Invalid parameter : at least one of AddTags and RemoveTagKeys must be given."
    for member, number in (("AddTags", len(add)), ("RemoveTagKeys", len(remove))):
        if number > MOST_AT_ONCE:
            yield f"Invalid parameter : {member} must have at most {MOST_AT_ONCE} members."
    for key in _repeated(key for key, _ in add):
        yield f"Invalid parameter : the tag key {key!r} is given more than once."
    for key, value in add:
        if not 1 <= len(key) <= MOST_KEY:
            yield f"Invalid parameter : a tag key must have 1 to {MOST_KEY} characters: {key[:MOST_KEY]!r}."
        if key.lower().startswith(RESERVED_PREFIX):
            yield f"Invalid parameter : tag keys must not begin with {RESERVED_PREFIX}: {key!r}."
        if len(value) > MOST_VALUE:
            yield f"Invalid parameter : the value of the tag {key!r} has more than {MOST_VALUE} characters."
    if len(changed) > MOST_TAGS:
        yield f"Invalid parameter : a resource must have at most {MOST_TAGS} tags, not {len(changed)}."


def _repeated(keys: Iterable[str]) -> list[str]:
    seen = list(keys)
    return [key for key in dict.fromkeys(seen) if seen.count(key) > 1]
