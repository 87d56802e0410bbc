"""PutMetricData's data: what becomes a sample, and what is refused in which words."""

from __future__ import annotations

import math
from typing import Any

import pytest

from stillup.rules.metrics.datum import Datum, StatisticSet, samples_of
from stillup.rules.metrics.metric import Metric, Sample
from stillup.rules.refusal import Refusal

NOW = 1_755_072_485.5
MINUTE = 1_755_072_480.0
METRIC = Metric("shop", "orders")
DAY = 86_400


def datum(**given: Any) -> Datum:
    return Datum(METRIC, **given)


def sample_of(**given: Any) -> Sample:
    made = samples_of("shop", [datum(**given)], now=NOW)
    assert not isinstance(made, Refusal)
    return made[0]


def figures(sample: Sample) -> tuple[float, float, float, float]:
    return sample.sample_count, sample.sum, sample.minimum, sample.maximum


@pytest.mark.parametrize(
    ("given", "expected", "distribution"),
    [
        ({"value": 0.0}, (1, 0, 0, 0), ((0, 1),)),
        ({"values": (1.0, 10.0), "counts": (2.0, 4.0)}, (6, 42, 1, 10), ((1, 2), (10, 4))),
        ({"values": (1.0, 10.0)}, (2, 11, 1, 10), ((1, 1), (10, 1))),
        ({"statistics": StatisticSet(10, 55, 1, 10)}, (10, 55, 1, 10), ()),
        ({"statistics": StatisticSet(3, 6, 2, 2)}, (3, 6, 2, 2), ((2, 3),)),
        ({"values": (11.0,), "statistics": StatisticSet(10, 55, 1, 10)}, (11, 66, 1, 11), ()),
        ({"value": 2.0**360}, (1, 2.0**360, 2.0**360, 2.0**360), ((2.0**360, 1),)),
    ],
)
def test_what_a_datum_makes(given: dict[str, Any], expected: object, distribution: object) -> None:
    sample = sample_of(**given)
    assert figures(sample) == expected
    assert sample.distribution == distribution


@pytest.mark.parametrize(
    ("at", "resolution", "expected"),
    [
        (None, 60, MINUTE),
        (None, 1, MINUTE + 5),
        (MINUTE + 59.999, 60, MINUTE),
        (NOW - 14 * DAY, 60, MINUTE - 14 * DAY),
        (NOW + 7_200, 1, MINUTE + 5 + 7_200),
    ],
)
def test_a_sample_begins_its_minute_or_second(at: float | None, resolution: int, expected: float) -> None:
    sample = sample_of(value=1.0, at=at, resolution=resolution)
    assert (sample.at, sample.resolution) == (expected, resolution)


M1 = "MetricData.member.1"


@pytest.mark.parametrize(
    ("given", "code", "text"),
    [
        (
            {},
            "MissingParameter",
            f"At least one of the parameters {M1}.Value, {M1}.Values or {M1}.StatisticValues",
        ),
        (
            {"value": 1.5, "values": (1.0,)},
            "InvalidParameterCombination",
            f"The parameters {M1}.Value and {M1}.Values are mutually exclusive and you have specified both.",
        ),
        (
            {"value": 1.5, "statistics": StatisticSet(1, 1, 1, 1)},
            "InvalidParameterCombination",
            f"The parameters {M1}.Value and {M1}.StatisticValues are mutually exclusive and you have specified both.",
        ),
        (
            {"values": (1.0, 2.0), "counts": (1.0,)},
            "InvalidParameterValue",
            f"The parameters {M1}.Values and {M1}.Counts must be of the same size.",
        ),
        ({"value": math.nan}, "InvalidParameterValue", f"The value NaN for parameter {M1}.Value is invalid."),
        (
            {"value": -math.inf},
            "InvalidParameterValue",
            f"The value -inf for parameter {M1}.Value is invalid.",
        ),
        ({"value": 2.1**360}, "InvalidParameterValue", f"for parameter {M1}.Value is invalid."),
        ({"values": (0.0, math.nan)}, "InvalidParameterValue", f"{M1}.Values.member.2 is invalid."),
        ({"values": (1.0,), "counts": (0.0,)}, "InvalidParameterValue", f"{M1}.Counts.member.1 is invalid."),
        (
            {"values": (1.0,) * 151},
            "InvalidParameterValue",
            f"{M1}.Values must not have a size greater than 150.",
        ),
        (
            {"statistics": StatisticSet(0, 0, 0, 0)},
            "InvalidParameterValue",
            f"{M1}.StatisticValues.SampleCount must be greater than 0.",
        ),
        (
            {"statistics": StatisticSet(2, 3, 2, 1)},
            "InvalidParameterValue",
            f"{M1}.StatisticValues.Maximum must be greater than {M1}.StatisticValues.Minimum.",
        ),
        (
            {"value": 1.0, "at": NOW - 14 * DAY - 1},
            "InvalidParameterValue",
            f"The parameter {M1}.Timestamp must specify a time within the past two weeks.",
        ),
        ({"value": 1.0, "at": NOW + 7_201}, "InvalidParameterValue", "within the past two weeks."),
        (
            {"value": 1.0, "resolution": 30},
            "InvalidParameterValue",
            f"The value 30 for parameter {M1}.Storage",
        ),
    ],
)
def test_what_is_refused(given: dict[str, Any], code: str, text: str) -> None:
    refused = samples_of("shop", [datum(**given)], now=NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert text in refused.message


@pytest.mark.parametrize(
    ("namespace", "count", "code"),
    [
        ("AWS/Route53", 1, "InvalidParameterValue"),
        ("a\nb", 1, "InvalidParameterValue"),
        ("shop", 0, "MissingParameter"),
        ("shop", 1_001, "InvalidParameterValue"),
    ],
)
def test_a_whole_request_that_is_refused(namespace: str, count: int, code: str) -> None:
    refused = samples_of(namespace, [datum(value=1.0)] * count, now=NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == code


def test_all_problems_of_one_kind_are_told_each_on_its_line() -> None:
    refused = samples_of("shop", [datum(value=1.0, at=0.0)] * 2, now=NOW)
    assert isinstance(refused, Refusal)
    assert refused.message.splitlines() == [
        f"The parameter MetricData.member.{number}.Timestamp must specify a time within the past two weeks."
        for number in (1, 2)
    ]
