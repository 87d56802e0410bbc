"""Moments and stretches of time, in words."""

from __future__ import annotations

import pytest

from stillup.plan.moments import clock, date_and_clock, instant, stretch

AT = 1_793_412_821.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (41.4, "41 s"),
        (119, "119 s"),
        (120, "2 min"),
        (245, "4 min 5 s"),
        (3_599.4, "59 min 59 s"),
        (3_600, "1 h"),
        (11_100, "3 h 5 min"),
        (172_799, "47 h 59 min"),
        (187_200, "2 days 4 h"),
    ],
)
def test_a_stretch_is_told_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert stretch(seconds) == words


@pytest.mark.parametrize(("seconds", "words"), [(12.34, "12.3 s"), (119.94, "119.9 s"), (245.4, "4 min 5 s")])
def test_parts_of_a_second_are_told_where_it_is_the_only_unit(seconds: float, words: str) -> None:
    assert stretch(seconds, digits=1) == words


def test_a_moment_is_told_with_its_date_where_it_is_not_of_today() -> None:
    assert date_and_clock(AT) == "2026-10-31 02:13:41 UTC"
    assert instant(AT) == "2026-10-31T02:13:41Z"
    assert clock(AT, now=AT + 60) == "02:13:41"
    assert clock(AT, now=AT + 50_000) == "2026-10-31 02:13:41"
