"""`MaxItems`, which Route 53 spells as text."""

from __future__ import annotations

from stillup.wire.aws.messages import AwsError


def page_size(asked: str | None, most: int) -> int:
    """How many items a page has: what was asked for, but no more than `most`. Raises AwsError InvalidInput."""
    if asked is None:
        return most
    if not (asked.isascii() and asked.isdigit() and int(asked) > 0):
        raise AwsError(
            "InvalidInput", f"Invalid parameter : MaxItems must be a positive number, not {asked!r}."
        )
    return min(most, int(asked))
