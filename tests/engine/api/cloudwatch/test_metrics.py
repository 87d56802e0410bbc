"""Metrics through the API: put, listed, and had back as statistics.

What is expected where AWS's documents are silent was seen of AWS by others: labels, units, texts.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.api.cloudwatch.cloudwatch_api import MINUTE, CloudWatchApi, moment

HOUR = 3_600


def query(
    id_: str = "m1", stat: str = "Sum", period: int = 60, name: str = "orders", **more: Any
) -> dict[str, Any]:
    wanted = {"Metric": {"Namespace": "shop", "MetricName": name}, "Period": period, "Stat": stat}
    unit = {"Unit": more.pop("Unit")} if "Unit" in more else {}
    return {"Id": id_, "MetricStat": wanted | unit, **more}


async def ask(api: CloudWatchApi, *queries: dict[str, Any], **more: Any) -> Any:
    """An hour back, five minutes ahead."""
    times = {"StartTime": moment(MINUTE - HOUR), "EndTime": moment(MINUTE + 300)}
    return await api.call("GetMetricData", MetricDataQueries=list(queries), **{**times, **more})


async def values(api: CloudWatchApi, *queries: dict[str, Any], **more: Any) -> list[list[float]]:
    return [result["Values"] for result in (await ask(api, *queries, **more))["MetricDataResults"]]


async def statistics(api: CloudWatchApi, *names: str, **more: Any) -> list[dict[str, Any]]:
    usual = {
        "Namespace": "shop",
        "MetricName": "orders",
        "StartTime": moment(MINUTE - 60),
        "EndTime": moment(MINUTE + 60),
        "Period": 60,
        **({"Statistics": list(names)} if names else {}),
    }
    found = await api.call("GetMetricStatistics", **{**usual, **more})
    return list(found["Datapoints"])


# --- PutMetricData ----------------------------------------------------------------------------------


async def test_values_come_back_as_statistics_zero_included(api: CloudWatchApi) -> None:
    await api.put_values(0.0, 2.0, 4.0, 3.5, 7.0, 100.0)
    stats = ("Average", "Sum", "Minimum", "Maximum", "SampleCount", "p50")
    asked = [query(f"q{number}", stat) for number, stat in enumerate(stats)]
    assert await values(api, *asked) == [[19.416666666666668], [116.5], [0.0], [100.0], [6.0], [3.75]]


async def test_statistic_sets_and_counted_values_are_added_to_each_other(api: CloudWatchApi) -> None:
    counted = {"SampleCount": 10, "Sum": 55, "Minimum": 1, "Maximum": 10}
    data = [
        {"MetricName": "orders", "StatisticValues": counted},
        {"MetricName": "orders", "Values": [11.0, 0.0], "Counts": [1.0, 2.0]},
    ]
    await api.call("PutMetricData", Namespace="shop", MetricData=data)
    (datapoint,) = await statistics(api, "SampleCount", "Sum", "Minimum", "Maximum", "Average")
    assert datapoint == {
        "Timestamp": MINUTE,
        "Unit": "None",
        "SampleCount": 13.0,
        "Sum": 66.0,
        "Minimum": 0.0,
        "Maximum": 11.0,
        "Average": 66 / 13,
    }
    assert await statistics(api, ExtendedStatistics=["p50"]) == []


async def test_data_that_is_refused_in_part_is_refused_whole(api: CloudWatchApi) -> None:
    data = [{"MetricName": "orders", "Value": 1.0}, {"MetricName": "orders", "Value": float("nan")}]
    with api.refused(
        "InvalidParameterValue", "The value NaN for parameter MetricData.member.2.Value is invalid."
    ):
        await api.call("PutMetricData", Namespace="shop", MetricData=data)
    with api.refused("InvalidParameterValue", "for parameter Namespace is invalid"):
        await api.call("PutMetricData", Namespace="AWS/Route53", MetricData=data[:1])
    with api.refused("MissingParameter", "The parameter MetricData is required."):
        await api.call("PutMetricData", Namespace="shop")
    with api.refused("ValidationError", "EntityMetricData is not supported"):
        await api.call("PutMetricData", Namespace="shop", EntityMetricData=[])
    assert (await api.call("ListMetrics"))["Metrics"] == []


async def test_dimensions_and_regions_keep_metrics_apart(api: CloudWatchApi) -> None:
    await api.put_values(1.0)
    await api.put_values(2.0, Dimensions=[{"Name": "Site", "Value": "x"}])
    data = [{"MetricName": "orders", "Value": 4.0}]
    await api.call("PutMetricData", region="eu-west-1", Namespace="shop", MetricData=data)
    of_site = query()
    of_site["MetricStat"]["Metric"]["Dimensions"] = [{"Name": "Site", "Value": "x"}]
    assert await values(api, query(), {**of_site, "Id": "m2"}) == [[1.0], [2.0]]
    assert await values(api, query(), region="eu-west-1") == [[4.0]]


# --- GetMetricData ----------------------------------------------------------------------------------


async def test_datapoints_come_newest_first_unless_asked_otherwise(api: CloudWatchApi) -> None:
    for minute in (-2, 0, -1):
        await api.put_values(float(minute), at=MINUTE + 60 * minute)
    (result,) = (await ask(api, query()))["MetricDataResults"]
    assert (result["Timestamps"], result["Values"]) == (
        [MINUTE, MINUTE - 60, MINUTE - 120],
        [0.0, -1.0, -2.0],
    )
    assert (result["StatusCode"], result["Label"]) == ("Complete", "orders")
    assert await values(api, query(), ScanBy="TimestampAscending") == [[-2.0, -1.0, 0.0]]
    # Periods begin with StartTime, not with the hour.
    start = moment(MINUTE - 60.5)
    assert await values(api, query(period=120), StartTime=start) == [[0.0, -3.0]]
    assert await values(api, query(period=120), StartTime=start, EndTime=moment(MINUTE)) == [[-3.0]]


async def test_short_periods_are_for_high_resolution_of_the_last_three_hours(api: CloudWatchApi) -> None:
    for second in (0, 3, 10):
        await api.put_values(1.0, at=MINUTE + second, StorageResolution=1)
    asked = query(period=5)
    assert await values(api, asked, ScanBy="TimestampAscending") == [[2.0, 1.0]]
    api.clock.instant += 3 * HOUR + 60
    assert await values(api, asked, query("m2")) == [[], [3.0]]


@pytest.mark.parametrize(
    ("asked", "labels"),
    [
        ([("Sum", 60), ("Minimum", 30)], ["orders Sum 60", "orders Minimum 30"]),
        ([("Sum", 60), ("Minimum", 60)], ["orders Sum", "orders Minimum"]),
        ([("Sum", 60), ("Sum", 30)], ["orders 60", "orders 30"]),
        ([("Sum", 60), ("Sum", 60)], ["orders", "orders"]),
    ],
)
async def test_labels_tell_what_differs(
    api: CloudWatchApi, asked: list[tuple[str, int]], labels: list[str]
) -> None:
    queries = [query(f"m{number}", stat, period) for number, (stat, period) in enumerate(asked)]
    found = await ask(
        api, *queries, query("mine", Label="my label", ReturnData=True, stat=asked[0][0], period=asked[0][1])
    )
    assert [result["Label"] for result in found["MetricDataResults"]] == [*labels, "my label"]


async def test_of_several_units_the_first_counts_and_the_others_are_told(api: CloudWatchApi) -> None:
    await api.put_values(60.0, Unit="Seconds")
    await api.put_values(60_000.0, Unit="Milliseconds")
    await api.put_values(1.0)
    one, other, none = (await ask(api, query(), query("m2", Unit="Seconds"), query("m3", Unit="Bits")))[
        "MetricDataResults"
    ]
    assert one["Values"] == [60_000.0]
    assert one["Messages"] == [
        {"Code": "MultipleUnits", "Value": "Multiple units returned: '[Milliseconds, Seconds, None]'"}
    ]
    assert (other["Values"], "Messages" in other) == ([60.0], False)
    assert (none["Values"], none["StatusCode"]) == ([], "Complete")


async def test_data_that_is_not_to_be_returned_is_not(api: CloudWatchApi) -> None:
    await api.put_values(1.0)
    found = await ask(api, query(ReturnData=False), query("m2"))
    assert [result["Id"] for result in found["MetricDataResults"]] == ["m2"]


@pytest.mark.parametrize("scan", ["TimestampDescending", "TimestampAscending"])
@pytest.mark.parametrize("most", [1, 2, 3, 4, 7, 100])
async def test_pages_have_every_datapoint_once(api: CloudWatchApi, scan: str, most: int) -> None:
    for minute in range(4):
        await api.put_values(float(minute), at=MINUTE + 60 * minute)
        await api.put_values(float(minute), at=MINUTE + 60 * minute, name="visits")
    queries = [query(), query("m2", name="nothing"), query("m3", name="visits")]
    whole = [
        (result["Id"], result["Values"])
        for result in (await ask(api, *queries, ScanBy=scan))["MetricDataResults"]
    ]
    paged: dict[str, list[float]] = {}
    token: dict[str, Any] = {}
    while True:
        page = await ask(api, *queries, ScanBy=scan, MaxDatapoints=most, **token)
        assert sum(len(result["Values"]) for result in page["MetricDataResults"]) <= most
        for result in page["MetricDataResults"]:
            paged.setdefault(result["Id"], []).extend(result["Values"])
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert list(paged.items()) == whole


@pytest.mark.parametrize(
    ("queries", "more", "text"),
    [
        ([{"Id": "e1", "Expression": "m1 * 2"}], {}, "metric math is not supported"),
        ([{"Id": "e1"}], {}, "must have a MetricStat"),
        ([query(AccountId="111111111111")], {}, "does not have"),
        ([query(), query()], {}, "The values for parameter id in MetricDataQueries are not unique."),
        ([query("M1")], {}, "does not match the pattern"),
        ([query(stat="tm99")], {}, "The value tm99 for parameter MetricDataQueries.member.1.MetricStat.Stat"),
        ([query(period=90)], {}, "The value 90 for parameter"),
        ([query(f"m{number}") for number in range(501)], {}, "size greater than 500"),
        ([query()], {"EndTime": moment(MINUTE - HOUR)}, "StartTime must be less than the parameter EndTime."),
        (
            [query(ReturnData=False)],
            {"EndTime": moment(0)},
            "StartTime must be less than the parameter EndTime.",
        ),
        ([query()], {"MaxDatapoints": 100_801}, "from 1 to 100800"),
    ],
)
async def test_queries_that_are_refused(
    api: CloudWatchApi, queries: list[dict[str, Any]], more: dict[str, Any], text: str
) -> None:
    with api.refused("ValidationError", text):
        await ask(api, *queries, **more)


# --- GetMetricStatistics ----------------------------------------------------------------------------


async def test_each_unit_has_datapoints_of_its_own(api: CloudWatchApi) -> None:
    await api.put_values(10.0)
    await api.put_values(5.0, Unit="Count")
    await api.put_values(1.0, Unit="Seconds")
    found = await statistics(api, "Average")
    assert [(each["Unit"], each["Average"]) for each in found] == [("Count", 5), ("Seconds", 1), ("None", 10)]
    (only,) = await statistics(api, "Average", Unit="Count")
    assert only["Average"] == 5.0


async def test_percentiles_are_in_a_map(api: CloudWatchApi) -> None:
    await api.put_values(*(float(value) for value in range(101)))
    (datapoint,) = await statistics(api, ExtendedStatistics=["p99.9", "p0"])
    assert datapoint["ExtendedStatistics"] == {"p99.9": pytest.approx(99.9), "p0": 0.0}


async def test_milliseconds_do_not_count(api: CloudWatchApi) -> None:
    await api.put_values(1.5, at=MINUTE + 0.2)
    times = {"StartTime": moment(MINUTE + 0.999), "EndTime": moment(MINUTE + 1)}
    (datapoint,) = await statistics(api, "Sum", **times)
    assert datapoint["Sum"] == 1.5


@pytest.mark.parametrize(
    ("given", "code", "text"),
    [
        ({}, "InvalidParameterCombination", "Must specify either Statistics or ExtendedStatistics"),
        (
            {"Statistics": ["Sum"], "ExtendedStatistics": ["p90"]},
            "InvalidParameterCombination",
            "Must specify either Statistics or ExtendedStatistics",
        ),
        ({"ExtendedStatistics": ["tm99"]}, "InvalidParameterValue", "The value tm99 for parameter Extended"),
        ({"Statistics": ["Sum"], "Period": 45}, "InvalidParameterValue", "The value 45 for parameter Period"),
        (
            {"Statistics": ["Sum"], "EndTime": moment(MINUTE - 60)},
            "InvalidParameterValue",
            "The parameter StartTime must be less than the parameter EndTime.",
        ),
        (
            {"Statistics": ["Sum"], "StartTime": moment(MINUTE + 60 - 86_400), "Period": 1},
            "InvalidParameterCombination",
            "You have requested up to 86400 datapoints, which exceeds the limit of 1440.",
        ),
    ],
)
async def test_statistics_that_are_refused(
    api: CloudWatchApi, given: dict[str, Any], code: str, text: str
) -> None:
    with api.refused(code, text):
        await statistics(api, **given)


# --- ListMetrics ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["a", "b", "c"]),
        ({"MetricName": "b"}, ["b"]),
        ({"Namespace": "unknown"}, []),
        ({"Dimensions": [{"Name": "Site"}]}, ["b", "c"]),
        ({"Dimensions": [{"Name": "Site", "Value": "x"}]}, ["b"]),
        ({"Dimensions": [{"Name": "Site"}, {"Name": "Zone"}]}, ["c"]),
        ({"RecentlyActive": "PT3H"}, ["a", "c"]),
        ({"OwningAccount": "111111111111"}, []),
        ({"IncludeLinkedAccounts": True}, ["a", "b", "c"]),
    ],
)
async def test_metrics_are_listed_in_order_and_filtered(
    api: CloudWatchApi, filters: dict[str, Any], expected: list[str]
) -> None:
    await api.put_values(
        1.0, name="c", Dimensions=[{"Name": "Zone", "Value": "1"}, {"Name": "Site", "Value": "y"}]
    )
    await api.put_values(1.0, 2.0, name="a")
    await api.put_values(1.0, name="b", at=MINUTE - 4 * HOUR, Dimensions=[{"Name": "Site", "Value": "x"}])
    found = await api.call("ListMetrics", **filters)
    assert [metric["MetricName"] for metric in found["Metrics"]] == expected
    assert len(found.get("OwningAccounts", expected)) == len(expected)


async def test_metrics_are_listed_for_two_weeks_and_by_five_hundred(api: CloudWatchApi) -> None:
    data = [{"MetricName": f"m{number:04}", "Value": 1.0} for number in range(1_000)]
    await api.call("PutMetricData", Namespace="shop", MetricData=data)
    first = await api.call("ListMetrics")
    second = await api.call("ListMetrics", NextToken=first["NextToken"])
    listed = [metric["MetricName"] for page in (first, second) for metric in page["Metrics"]]
    assert (len(first["Metrics"]), listed) == (500, [each["MetricName"] for each in data])
    assert "NextToken" not in second
    api.clock.instant += 14 * 86_400 + 60
    assert (await api.call("ListMetrics"))["Metrics"] == []
