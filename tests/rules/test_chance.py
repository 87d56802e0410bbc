"""One throw of the die picks as the weights say."""

from __future__ import annotations

from collections import Counter
from math import nextafter

from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.chance import bounds_of, pick

ALMOST_ONE = nextafter(1.0, 0.0)
WEIGHTS = st.lists(st.integers(1, 255), min_size=2, max_size=100)


@given(WEIGHTS)
def test_each_is_picked_as_often_as_its_weight_says(weights: list[int]) -> None:
    bounds, whole = bounds_of(weights), sum(weights)
    throws = ((step + 0.5) / whole for step in range(whole))
    picked = Counter(pick(throw, len(weights), bounds) for throw in throws)
    assert picked == Counter(dict(enumerate(weights)))


@given(st.integers(2, 100))
def test_without_weights_each_is_picked_equally_often(count: int) -> None:
    assert bounds_of(()) == ()
    throws = ((step + 0.5) / (3 * count) for step in range(3 * count))
    assert Counter(pick(throw, count, ()) for throw in throws) == Counter(dict.fromkeys(range(count), 3))


@given(WEIGHTS)
def test_every_throw_picks_something(weights: list[int]) -> None:
    bounds = bounds_of(weights)
    assert pick(0.0, len(weights), bounds) == 0
    assert pick(ALMOST_ONE, len(weights), bounds) == len(weights) - 1
