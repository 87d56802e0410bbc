"""The tables CW-15 and CW-16 row by row, and what else CloudWatch says of evaluation (CW-7, CW-13 to CW-18)."""

from __future__ import annotations

import pytest

from stillup.rules.alarms.alarm import AlarmState, Comparison, MissingData
from stillup.rules.alarms.evaluation import evaluate
from stillup.rules.alarms.slots import evaluation_range, moments_due
from stillup.rules.metrics.metric import Metric, Sample, Statistic, sample_of
from tests.rules.alarms.making import MINUTE, STATUS, samples, trigger

OK, ALARM, UNKNOWN = AlarmState
KEEP = None
TREATMENTS = (MissingData.MISSING, MissingData.IGNORE, MissingData.BREACHING, MissingData.NOT_BREACHING)

THREE_OF_THREE = {
    "0 - X - X": (OK, OK, OK, OK),
    "0 - - - -": (OK, OK, OK, OK),
    "- - - - -": (UNKNOWN, KEEP, ALARM, OK),
    "0 X X - X": (ALARM, ALARM, ALARM, ALARM),
    "- - X - -": (ALARM, KEEP, ALARM, OK),
    # CW-17: not before the oldest is three periods old.
    "- - - - X": (KEEP, KEEP, ALARM, OK),
    "- - - X -": (KEEP, KEEP, ALARM, OK),
    "- - - X X": (KEEP, KEEP, ALARM, OK),
    "- - X - X": (ALARM, KEEP, ALARM, OK),
    "X - - - -": (ALARM, KEEP, ALARM, OK),
    "0 0 0 0 X": (OK, OK, OK, OK),
    "0 0 X X X": (ALARM, ALARM, ALARM, ALARM),
    "X X X 0 -": (OK, OK, OK, OK),
}
TWO_OF_THREE = {
    "0 - X - X": (ALARM, ALARM, ALARM, ALARM),
    "0 0 X 0 X": (ALARM, ALARM, ALARM, ALARM),
    "0 - X - -": (OK, OK, ALARM, OK),
    "- - - - 0": (OK, OK, ALARM, OK),
    "- - - X -": (ALARM, KEEP, ALARM, OK),
    "- - - - X": (KEEP, KEEP, ALARM, OK),
    "- - - X X": (ALARM, ALARM, ALARM, ALARM),
    "X X 0 0 0": (OK, OK, OK, OK),
}
ROWS = [
    (wanted, data, treatment, state)
    for wanted, table in ((3, THREE_OF_THREE), (2, TWO_OF_THREE))
    for data, states in table.items()
    for treatment, state in zip(TREATMENTS, states, strict=True)
]


@pytest.mark.parametrize(("wanted", "data", "treatment", "state"), ROWS)
def test_missing_data_are_treated_as_the_tables_say(
    wanted: int, data: str, treatment: MissingData, state: AlarmState | None
) -> None:
    watched = trigger(datapoints_to_alarm=wanted, treat_missing_data=treatment)

    assert evaluate(watched, samples(data), now=MINUTE + 1).state is state


@pytest.mark.parametrize(
    ("data", "state"), [("0 X", ALARM), ("X 0", OK), ("X -", ALARM), ("- - - -", UNKNOWN)]
)
def test_one_of_one_follows_the_newest_minute(data: str, state: AlarmState) -> None:
    """CW-18; a status of 0.0 is a datapoint."""
    assert evaluate(trigger(evaluation_periods=1), samples(data), now=MINUTE).state is state


@pytest.mark.parametrize(
    ("comparison", "states"),
    [
        (Comparison.GREATER_OR_EQUAL, (OK, ALARM, ALARM)),
        (Comparison.GREATER, (OK, OK, ALARM)),
        (Comparison.LESS, (ALARM, OK, OK)),
        (Comparison.LESS_OR_EQUAL, (ALARM, ALARM, OK)),
    ],
)
def test_the_statistic_is_compared_with_the_threshold(
    comparison: Comparison, states: tuple[AlarmState, ...]
) -> None:
    """CW-3: the statistic stands on the left."""
    watched = trigger(comparison=comparison, evaluation_periods=1)
    for value, state in zip((0.5, 1.0, 1.5), states, strict=True):
        found = evaluate(watched, [sample_of(STATUS, MINUTE - 60, value)], now=MINUTE)
        assert found.state is state


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (MINUTE, False),  # the minute still runs
        (MINUTE - 1, True),
        (MINUTE - 60, True),
        (MINUTE - 300, True),  # late, but within the range
        (MINUTE - 301, False),
    ],
)
def test_the_range_ends_with_the_last_whole_minute(at: float, counts: bool) -> None:
    found = evaluate(trigger(evaluation_periods=3), [sample_of(STATUS, at, 1.0)], now=MINUTE + 59.9)

    assert found.state is (OK if counts else UNKNOWN)


@pytest.mark.parametrize(
    ("period", "periods", "now", "expected"),
    [
        (60, 1, MINUTE + 59, (MINUTE - 180, MINUTE)),
        (300, 3, MINUTE + 1, (MINUTE - 1500, MINUTE)),
        (10, 2, MINUTE + 25, (MINUTE - 20, MINUTE + 20)),
        (30, 1, MINUTE + 25, (MINUTE - 70, MINUTE + 20)),
    ],
)
def test_periods_under_a_minute_end_with_every_ten_seconds(
    period: int, periods: int, now: float, expected: tuple[float, float]
) -> None:
    """CW-13."""
    assert evaluation_range(trigger(period=period, evaluation_periods=periods), now) == expected


def test_long_periods_end_with_every_minute() -> None:
    watched = trigger(period=300, evaluation_periods=1, statistic=Statistic.SUM, threshold=0.5)
    downs = [sample_of(STATUS, MINUTE - 240, 0.0)]

    assert evaluate(watched, downs, now=MINUTE).state is ALARM


@pytest.mark.parametrize(
    ("after", "data", "missed"),
    [
        (MINUTE - 59, "X", []),
        (MINUTE - 240, "0 X 0 X", [MINUTE - 180, MINUTE - 120, MINUTE - 60]),
        (MINUTE - 120, "0 X 0 X", [MINUTE - 60]),
        (MINUTE - 240, "0 - - X", [MINUTE - 180]),
        (MINUTE - 300, "0 - - X", [MINUTE - 180]),
    ],
)
def test_an_alarm_is_evaluated_late_where_it_was_missed(after: float, data: str, missed: list[float]) -> None:
    found = moments_due(trigger(), samples(data), after=after, now=MINUTE + 1)

    assert found == (*missed, MINUTE + 1)


@pytest.mark.parametrize(
    ("data", "due"),
    [("0 - -", [MINUTE - 120]), ("- - X", [MINUTE + 1]), ("0 - X", [MINUTE - 120, MINUTE + 1]), ("-", [])],
)
def test_an_alarm_can_be_evaluated_only_where_samples_are(data: str, due: list[float]) -> None:
    found = moments_due(trigger(), samples(data), after=0.0, now=MINUTE + 1, only_samples=True)

    assert found == tuple(due)


def test_samples_of_another_unit_are_not_seen() -> None:
    """CW-7."""
    percent = [sample_of(STATUS, MINUTE - 60, 1.0, unit="Percent")]
    watched = trigger(evaluation_periods=1, unit="Count")

    assert evaluate(watched, percent, now=MINUTE).state is UNKNOWN
    assert evaluate(trigger(evaluation_periods=1, unit="Percent"), percent, now=MINUTE).state is OK


def test_an_alarm_without_a_unit_sees_that_of_the_newest_sample() -> None:
    mixed = [sample_of(STATUS, MINUTE - 60, 0.0), sample_of(STATUS, MINUTE - 50, 1.0, unit="Percent")]

    assert evaluate(trigger(evaluation_periods=1), mixed, now=MINUTE).state is OK


@pytest.mark.parametrize(
    ("treatment", "count", "state"),
    [("ignore", 19, KEEP), ("ignore", 20, ALARM), ("evaluate", 1, ALARM), (None, 1, ALARM)],
)
def test_a_percentile_of_few_samples_is_ignored_only_on_demand(
    treatment: str | None, count: int, state: AlarmState | None
) -> None:
    watched = trigger(
        evaluation_periods=1,
        statistic=None,
        extended_statistic="p50",
        evaluate_low_sample_count_percentile=treatment,
    )
    slow = Sample(STATUS, MINUTE - 60, float(count), 0.0, 0.0, 0.0)

    assert evaluate(watched, [slow], now=MINUTE).state is state


@pytest.mark.parametrize(
    ("changes", "data", "reason"),
    [
        (
            {"evaluation_periods": 1},
            "X",
            "Threshold Crossed: 1 datapoint [0.0 (13/08/25 08:07:00)] was less than the threshold (1.0).",
        ),
        (
            {},
            "0 X 0",
            (
                "Threshold Crossed: 2 datapoints [1.0 (13/08/25 08:07:00), 1.0 (13/08/25 08:05:00)] were not less than"
                " the threshold (1.0)."
            ),
        ),
        (
            {"evaluation_periods": 1, "datapoints_to_alarm": 1},
            "X",
            (
                "Threshold Crossed: 1 out of the last 1 datapoints [0.0 (13/08/25 08:07:00)] was less than the"
                " threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition)."
            ),
        ),
        (
            {"datapoints_to_alarm": 2},
            "X 0 X",
            (
                "Threshold Crossed: 2 out of the last 3 datapoints [0.0 (13/08/25 08:07:00),"
                " 0.0 (13/08/25 08:05:00)] were less than the threshold (1.0) (minimum 2 datapoints for OK -> ALARM"
                " transition)."
            ),
        ),
        (
            {"datapoints_to_alarm": 2},
            "0 0 X",
            (
                "Threshold Crossed: 2 out of the last 3 datapoints [1.0 (13/08/25 08:06:00),"
                " 1.0 (13/08/25 08:05:00)] were not less than the threshold (1.0) (minimum 2 datapoints for"
                " ALARM -> OK transition)."
            ),
        ),
        (
            {"evaluation_periods": 1, "treat_missing_data": MissingData.NOT_BREACHING},
            "-",
            (
                "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated"
                " as [NonBreaching]."
            ),
        ),
        (
            {"treat_missing_data": MissingData.BREACHING},
            "- X -",
            (
                "Threshold Crossed: 1 datapoint [0.0 (13/08/25 08:06:00)] was less than the threshold (1.0) and 2"
                " missing datapoints were treated as [Breaching]."
            ),
        ),
        (
            {"treat_missing_data": MissingData.NOT_BREACHING},
            "- X -",
            (
                "Threshold Crossed: 1 datapoint [0.0 (13/08/25 08:06:00)] was less than the threshold (1.0) and 2"
                " missing datapoints were treated as [NonBreaching]."
            ),
        ),
        (
            {"treat_missing_data": MissingData.BREACHING, "datapoints_to_alarm": 2},
            "- - 0",
            (
                "Threshold Crossed: 1 datapoint [1.0 (13/08/25 08:07:00)] was not less than the threshold (1.0) and 2"
                " missing datapoints were treated as [Breaching]."
            ),
        ),
        (
            {},
            "X - - - -",
            "Threshold Crossed: 1 datapoint [0.0 (13/08/25 08:03:00)] was less than the threshold (1.0).",
        ),
        ({}, "-", "Insufficient Data: 3 datapoints were unknown."),
        ({"evaluation_periods": 1}, "-", "Insufficient Data: 1 datapoint was unknown."),
    ],
)
def test_the_reason_tells_the_datapoints_that_decided(
    changes: dict[str, object], data: str, reason: str
) -> None:
    """CW-19."""
    assert evaluate(trigger(**changes), samples(data), now=MINUTE).reason == reason


def test_of_many_datapoints_the_reason_tells_the_most_recent() -> None:
    """AWS's limits: 1,023 characters for the reason, 4,000 for its data."""
    watched = trigger(evaluation_periods=1440, datapoints_to_alarm=1440)
    found = evaluate(watched, samples("X " * 1442), now=MINUTE)

    assert found.reason.startswith(
        "Threshold Crossed: 1440 out of the last 1440 datapoints were less than the threshold (1.0). The most"
        " recent datapoints which crossed the threshold: [0.0 (13/08/25 08:07:00), "
    )
    assert found.reason.endswith("] (minimum 1440 datapoints for OK -> ALARM transition).")
    assert len(found.reason) <= 1023
    assert len(found.reason_data or "") <= 4000


def test_the_reason_data_tell_what_was_evaluated() -> None:
    """CW-20."""
    found = evaluate(trigger(evaluation_periods=2), samples("X -"), now=MINUTE + 23.374)

    assert found.reason_data == (
        '{"version":"1.0","queryDate":"2025-08-13T08:08:23.374+0000","startDate":"2025-08-13T08:06:00.000+0000",'
        '"statistic":"Minimum","period":60,"recentDatapoints":[0.0],"threshold":1.0,"evaluatedDatapoints":['
        '{"timestamp":"2025-08-13T08:07:00.000+0000"},'
        '{"timestamp":"2025-08-13T08:06:00.000+0000","sampleCount":1.0,"value":0.0}]}'
    )


@pytest.mark.parametrize(("unit", "told"), [("Seconds", '"unit":"Seconds"'), (None, '"statistic"')])
def test_the_reason_data_tell_the_unit_that_the_alarm_wants(unit: str | None, told: str) -> None:
    """CW-20: of an alarm that wants none, AWS tells none, whatever the unit of the data is."""
    latency = Metric("Shop", "Latency")
    found = evaluate(
        trigger(metric=latency, evaluation_periods=1, unit=unit),
        [sample_of(latency, MINUTE - 60, 0.2, unit="Seconds")],
        now=MINUTE,
    )

    assert f'"startDate":"2025-08-13T08:07:00.000+0000",{told}' in (found.reason_data or "")


def test_the_reason_data_have_no_start_where_there_is_no_datapoint() -> None:
    """CW-20."""
    watched = trigger(evaluation_periods=2, unit="Seconds", treat_missing_data=MissingData.BREACHING)

    assert evaluate(watched, [], now=MINUTE).reason_data == (
        '{"version":"1.0","queryDate":"2025-08-13T08:08:00.000+0000","unit":"Seconds","statistic":"Minimum",'
        '"period":60,"recentDatapoints":[],"threshold":1.0,"evaluatedDatapoints":['
        '{"timestamp":"2025-08-13T08:07:00.000+0000"},{"timestamp":"2025-08-13T08:06:00.000+0000"}]}'
    )
