"""What samples amount to (CW-3)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.rules.metrics.metric import Metric, Sample, sample_of
from stillup.rules.metrics.statistics import is_known_statistic, statistic_of

METRIC = Metric("Shop", "Latency")


def _set(count: float, total: float, least: float, most: float) -> Sample:
    """A sample of which only the statistic set is known."""
    return Sample(METRIC, 0.0, count, total, least, most)


@pytest.mark.parametrize(
    ("statistic", "value"),
    [
        ("SampleCount", 4.0),
        ("Sum", 10.0),
        ("Average", 2.5),
        ("Minimum", 1.0),
        ("Maximum", 4.0),
        ("p0", 1.0),
        ("p50", 2.5),
        ("p90", 3.7),
        ("p100", 4.0),
    ],
)
def test_the_samples_of_a_period_count_together(statistic: str, value: float) -> None:
    samples = [sample_of(METRIC, 0.0, 4.0, 1.0), sample_of(METRIC, 60.0, 2.0, 3.0)]

    assert statistic_of(samples, statistic) == pytest.approx(value)


@pytest.mark.parametrize("statistic", ["SampleCount", "Average", "Minimum", "p50"])
def test_no_samples_have_no_statistic(statistic: str) -> None:
    assert statistic_of([], statistic) is None
    assert statistic_of([_set(0.0, 0.0, 0.0, 0.0)], statistic) is None


def test_nought_is_a_value() -> None:
    for statistic in ("Sum", "Average", "Minimum", "Maximum", "p50"):
        assert statistic_of([sample_of(METRIC, 0.0, 0.0)], statistic) == 0.0


def test_a_statistic_set_has_percentiles_only_where_all_its_values_are_known() -> None:
    assert statistic_of([_set(3.0, 6.0, 1.0, 3.0)], "p90") is None
    assert statistic_of([_set(3.0, 6.0, 2.0, 2.0)], "p90") == 2.0


@pytest.mark.parametrize("text", ["SampleCount", "Average", "p0", "p1", "p99.9", "p99.9999999999", "p100"])
def test_plain_statistics_and_percentiles_are_known(text: str) -> None:
    assert is_known_statistic(text)


@pytest.mark.parametrize(
    "text", ["average", "p", "p101", "p-1", "p1.", "p99.99999999999", "P99", "tm99", "IQM"]
)
def test_other_statistics_are_not_known(text: str) -> None:
    assert not is_known_statistic(text)


@settings(max_examples=50)
@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20),
    percents=st.lists(st.floats(0, 100), min_size=2, max_size=2),
)
def test_percentiles_grow_between_the_minimum_and_the_maximum(
    values: list[float], percents: list[float]
) -> None:
    found = [
        statistic_of([sample_of(METRIC, 0.0, value) for value in values], f"p{percent:.4f}")
        for percent in sorted(percents)
    ]

    assert found[0] is not None and found[1] is not None
    assert min(values) <= found[0] + 1e-6 and found[0] <= found[1] + 1e-6 and found[1] <= max(values) + 1e-6
