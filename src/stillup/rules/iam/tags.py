"""Tags of users and policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Final

from stillup.rules.refusal import Refusal

MOST_TAGS: Final = 50
"""Tags of one user or policy."""
RESERVED_PREFIX: Final = "aws:"


class TagKeys(Enum):
    """How the keys of a resource's tags are told apart; either way their case is kept."""

    ANY_CASE = "users: Team and team are one key"
    EXACT = "policies: Team and team are two keys"


def retag(
    tags: Mapping[str, str],
    keys: TagKeys,
    *,
    add: Sequence[tuple[str, str]] = (),
    remove: Iterable[str] = (),
) -> dict[str, str] | Refusal:
    """The tags after TagUser, UntagUser and their like for policies.

    | asked                             | users              | policies                 |
    |-----------------------------------|--------------------|--------------------------|
    | add a key that is there           | replaced           | replaced                 |
    | add it in another case            | replaced, key too  | a tag of its own         |
    | remove it in another case         | removed            | kept                     |
    | remove a key that is not there    | nothing            | nothing                  |
    | add a key twice                   | InvalidInput       | InvalidInput             |
    | add it twice, in different cases  | InvalidInput       | two tags                 |
    | add a key of AWS's own            | InvalidInput       | InvalidInput             |
    | more than 50 in the end           | LimitExceeded      | LimitExceeded            |
    """

    def folded(key: str) -> str:
        return key.lower() if keys is TagKeys.ANY_CASE else key

    added = {folded(key): (key, value) for key, value in add}
    if len(added) < len(add):
        note = " Please note that Tag keys are case insensitive." if keys is TagKeys.ANY_CASE else ""
        return Refusal.because("InvalidInput", f"Duplicate tag keys found.{note}")
    if any(key.lower().startswith(RESERVED_PREFIX) for key, _ in add):
        return Refusal.because(
            "InvalidInput", "aws: prefixed tag key names are not allowed for external use."
        )
    gone = added.keys() | {folded(key) for key in remove}
    changed = {key: value for key, value in tags.items() if folded(key) not in gone} | dict(added.values())
    if len(changed) > MOST_TAGS:
        return Refusal.because("LimitExceeded", "The number of tags has reached the maximum limit.")
    return changed
