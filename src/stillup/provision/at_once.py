"""Many requests of one kind: a site has thousands of objects, and each takes tens of milliseconds to ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AT_ONCE: Final = 8
"""Requests in flight; botocore keeps ten connections."""


def at_once(do: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """What becomes of each, in their order. Where one raises, as after Ctrl-C, those that are not begun are left."""
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        yield from pool.map(do, items)
    finally:
        pool.shutdown(cancel_futures=True)
