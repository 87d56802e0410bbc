"""Picking one of several things with one throw of a die, as often as their weights say."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate


def bounds_of(weights: Sequence[int]) -> tuple[float, ...]:
    """Where in [0, 1) the share of each thing ends and that of the next begins; none for no weights.

    The weights are positive. The last share ends at 1 and is not listed, so that rounding leaves no gap there.
    """
    *ends, whole = accumulate(weights, initial=0)
    return tuple(end / whole for end in ends[1:])


def pick(fraction: float, count: int, bounds: Sequence[float]) -> int:
    """The position of one of `count` things, by a fraction from 0 up to, and not including, 1.

    | bounds | picked                                              |
    |--------|-----------------------------------------------------|
    | none   | each equally often                                  |
    | some   | each as often as its share between the bounds says  |
    """
    return bisect_right(bounds, fraction) if bounds else int(fraction * count)
