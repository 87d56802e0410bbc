"""`NextToken`: where the page before ended, so that what comes and goes between two calls moves nothing."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from stillup.wire.aws.messages import AwsError

_Position = TypeVar("_Position")


def token_for(position: object) -> str:
    """The token for this position."""
    return urlsafe_b64encode(msgspec.json.encode(position)).decode("ascii")


def position_in(
    parameters: Mapping[str, Any],
    form: type[_Position],
    refuse: Callable[[], AwsError] = lambda: AwsError(
        "InvalidNextToken", "The next token specified is invalid."
    ),
) -> _Position | None:
    """The position that the call's NextToken is for; None without one. Raises what `refuse` makes."""
    token = parameters.get("NextToken")
    if token is None:
        return None
    try:
        return msgspec.json.decode(urlsafe_b64decode(token), type=form)
    except (binascii.Error, ValueError) as wrong:
        raise refuse() from wrong
