"""Refusals as the errors that they name, and lists in pages."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Final, TypeVar

from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.wire.aws.messages import AwsError

PAGE: Final = 100
"""Topics or subscriptions of one page."""

_T = TypeVar("_T")


def or_raise(value: _T | Refusal) -> _T:
    """The value. Raises the AwsError that a refusal names."""
    if isinstance(value, Refusal):
        raise AwsError(value.code, value.message)
    return value


def page(arns: Sequence[Arn], token: str | None) -> tuple[Sequence[Arn], dict[str, str]]:
    """The page after the token, of sorted ARNs, and the member `NextToken` if another follows.

    Raises AwsError InvalidParameter for a token that was never given.
    """
    rest = arns
    if token:
        try:
            after = b64decode(token, validate=True).decode()
        except ValueError as unreadable:
            raise AwsError("InvalidParameter", "Invalid parameter: NextToken") from unreadable
        rest = [arn for arn in arns if arn > after]
    shown = rest[:PAGE]
    if len(rest) <= PAGE:
        return shown, {}
    return shown, {"NextToken": b64encode(shown[-1].encode()).decode()}
