"""Patience: what AWS has not made known everywhere yet is asked for again, with growing pauses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from botocore.exceptions import ClientError

from stillup.provision.errors import code_of

Result = TypeVar("Result")

SHORT: Final = (0.2, 0.4, 0.8, 1.6, 3.0, 5.0)
"""Seconds between tries, eleven in all: for what usually is there at once."""
LONG: Final = (*SHORT, *[5.0] * 110)
"""About ten minutes: for what takes a minute as a rule (CH-6)."""


def patiently(call: Callable[[], Result], *, codes: Iterable[str], pauses: Iterable[float] = SHORT) -> Result:
    """What the call returns, tried again after each pause while it is refused with one of the codes.

    Raises ClientError: any other at once, and the last one when there are no pauses left.
    """
    expected = frozenset(codes)
    for pause in pauses:
        try:
            return call()
        except ClientError as error:
            if code_of(error) not in expected:
                raise
        time.sleep(pause)
    return call()


def until(is_so: Callable[[], bool], *, pauses: Iterable[float] = LONG) -> bool:
    """Ask until it is so, with the pauses between; False where they run out."""
    for pause in pauses:
        if is_so():
            return True
        time.sleep(pause)
    return is_so()
