"""Periods, their beginnings, and what is kept how long (CW-11)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.rules.metrics.merging import MOST_VALUES, merge
from stillup.rules.metrics.metric import Metric, Sample, Statistic, sample_of
from stillup.rules.metrics.periods import (
    datapoints_problem,
    in_periods,
    is_period,
    range_problem,
    rounded_start,
    units_of,
)
from stillup.rules.metrics.retention import is_retrievable, roll_up
from stillup.rules.metrics.statistics import statistic_of
from stillup.rules.refusal import Refusal

METRIC = Metric("shop", "orders")
MINUTE = 1_755_072_480.0
HOUR, DAY = 3_600, 86_400


@pytest.mark.parametrize(
    ("period", "is_valid"),
    [
        (1, True),
        (5, True),
        (20, True),
        (30, True),
        (60, True),
        (86_400, True),
        (0, False),
        (45, False),
        (90, False),
    ],
)
def test_which_periods_there_are(period: int, is_valid: bool) -> None:
    assert is_period(period) is is_valid


@pytest.mark.parametrize(
    ("before", "period", "expected"),
    [
        (0, 60, MINUTE),
        (0, 300, MINUTE),
        (0, 10, MINUTE + 50),
        (0, 1, MINUTE + 59),
        (15 * DAY, 60, MINUTE - 15 * DAY - 180),
        (63 * DAY, 60, MINUTE - 63 * DAY - 480),
    ],
)
def test_where_the_first_period_begins(before: float, period: int, expected: float) -> None:
    now = MINUTE + 59.5
    assert rounded_start(now - before, period, now=now) == expected


def test_periods_follow_each_other_from_the_start_and_empty_ones_are_not_there() -> None:
    samples = [sample_of(METRIC, MINUTE + 60 * minute, float(minute)) for minute in (5, 0, 1, 4)]
    periods = in_periods(samples, start=MINUTE - 60, period=120, now=MINUTE)
    values = {at - MINUTE: [sample.sum for sample in found] for at, found in periods.items()}
    assert values == {-60: [0.0], 60: [1.0], 180: [4.0], 300: [5.0]}


@pytest.mark.parametrize(
    ("age", "period", "can"),
    [
        (3 * HOUR, 1, True),
        (3 * HOUR + 1, 30, False),
        (15 * DAY, 60, True),
        (15 * DAY + 1, 60, False),
        (15 * DAY + 1, 300, True),
        (63 * DAY + 1, 300, False),
        (63 * DAY + 1, 3_600, True),
        (455 * DAY + 1, 3_600, False),
        (-100, 1, True),
    ],
)
def test_which_periods_can_be_had_of_what_age(age: float, period: int, can: bool) -> None:
    assert is_retrievable(MINUTE - age, period, now=MINUTE) is can


@pytest.mark.parametrize(
    ("start", "end", "is_fine"), [(0.0, 1.0, True), (0.9, 1.0, True), (1.0, 1.9, False), (2.0, 1.0, False)]
)
def test_a_range_has_an_end_after_its_start(start: float, end: float, is_fine: bool) -> None:
    assert (range_problem(start, end) is None) is is_fine


def test_no_more_datapoints_than_an_answer_has() -> None:
    assert datapoints_problem(0, 1440 * 60, 60, most=1440) is None
    refused = datapoints_problem(0, DAY, 1, most=1440)
    assert isinstance(refused, Refusal)
    assert refused.message.startswith(
        "You have requested up to 86400 datapoints, which exceeds the limit of 1440."
    )


def test_units_are_in_alphabetical_order_but_none_is_last() -> None:
    samples = [sample_of(METRIC, 0, 1.0, unit=unit) for unit in ("None", "Seconds", "Count", "Seconds")]
    assert units_of(samples) == ["Count", "Seconds", "None"]


FIGURES = st.tuples(st.integers(0, 599), st.lists(st.integers(0, 9), min_size=1, max_size=4), st.booleans())


@settings(max_examples=60)
@given(st.lists(FIGURES, min_size=1, max_size=12))
def test_rolling_up_in_two_steps_is_rolling_up_in_one(given: list[tuple[int, list[int], bool]]) -> None:
    samples = [
        replace(made, distribution=()) if forgets else made
        for second, values, forgets in given
        for made in [replace(sample_of(METRIC, second, *map(float, values)), resolution=1)]
    ]
    at_once, stepwise = roll_up(samples, 300), roll_up(roll_up(samples, 60), 300)
    assert {sample.at: sample for sample in at_once} == {sample.at: sample for sample in stepwise}
    for statistic in Statistic:
        assert statistic_of(samples, statistic) == pytest.approx(statistic_of(at_once, statistic))


def test_a_sample_of_ever_so_many_values_stays_small_and_true() -> None:
    many = merge([sample_of(METRIC, 0, *(float(value) for value in range(10_000)))])
    assert len(many.distribution) <= MOST_VALUES
    assert sum(count for _, count in many.distribution) == 10_000
    assert statistic_of([many], "p50") == pytest.approx(5_000, rel=0.01)
    assert statistic_of([many], "p99") == pytest.approx(9_900, rel=0.01)


def test_a_merged_sample_without_all_distributions_has_none() -> None:
    counted = Sample(METRIC, 0, sample_count=2, sum=3, minimum=1, maximum=2)
    merged = merge([sample_of(METRIC, 0, 5.0), counted])
    assert (merged.sample_count, merged.sum, merged.distribution) == (3, 8, ())
