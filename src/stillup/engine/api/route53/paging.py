"""`MaxItems`, which Route 53 spells as text."""

from __future__ import annotations

from typing import Final

from stillup.wire.aws.messages import AwsError

DEFAULT_PAGE: Final = 100
"""Items of a page where the caller names no number, even where up to 300 may be asked for (LS-1).

Observed on AWS, in the output of aws-cli#8050; boto3#3848 shows 300 where more was asked for.
"""


def page_size(asked: str | None, most: int) -> int:
    """How many items a page has: what was asked for, but no more than `most`. Raises AwsError InvalidInput."""
    if asked is None:
        return min(most, DEFAULT_PAGE)
    if not (asked.isascii() and asked.isdigit() and int(asked) > 0):
        raise AwsError(
            "InvalidInput", f"Invalid parameter : MaxItems must be a positive number, not {asked!r}."
        )
    return min(most, int(asked))
