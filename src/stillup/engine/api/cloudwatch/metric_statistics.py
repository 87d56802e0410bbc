"""GetMetricStatistics: one metric, all statistics of each period at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.cloudwatch.members import dimensions_in, instant
from stillup.rules.metrics.metric import Metric, Sample
from stillup.rules.metrics.periods import (
    datapoints_problem,
    in_periods,
    is_period,
    range_problem,
    rounded_start,
    units_of,
)
from stillup.rules.metrics.statistics import is_percentile, statistic_of
from stillup.wire.aws.messages import AwsError, Output

MOST_DATAPOINTS: Final = 1_440


async def get_metric_statistics(ports: ApiPorts, call: Call) -> Output:
    """GetMetricStatistics: a datapoint for each period and unit that has a value, oldest first."""
    asked, now = call.parameters, ports.clock.now()
    _raise_if_wrong(asked)
    period, end = asked["Period"], instant(asked["EndTime"])
    start = rounded_start(floor(instant(asked["StartTime"])), period, now=now)
    problem = datapoints_problem(start, end, period, most=MOST_DATAPOINTS)
    if problem is not None:
        raise AwsError(problem.code, problem.message)
    metric = Metric(asked["Namespace"], asked["MetricName"], dimensions_in(asked.get("Dimensions")))
    samples = await ports.metrics.read(call.region, metric, start=start, end=end)
    datapoints = [
        {"Timestamp": at, "Unit": unit, **statistics}
        for at, found in in_periods(samples, start=start, period=period, now=now).items()
        for unit in units_of(found)
        if unit == asked.get("Unit", unit)
        and (statistics := _statistics(asked, [sample for sample in found if sample.unit == unit]))
    ]
    return Output({"Label": metric.name, "Datapoints": datapoints})


STATISTICS_OPERATIONS: Final[Mapping[str, Operation]] = {"GetMetricStatistics": get_metric_statistics}


def _raise_if_wrong(asked: Mapping[str, Any]) -> None:
    problem = range_problem(instant(asked["StartTime"]), instant(asked["EndTime"]))
    if problem is not None:
        raise AwsError("InvalidParameterValue", problem)
    if bool(asked.get("Statistics")) is bool(asked.get("ExtendedStatistics")):
        raise AwsError("InvalidParameterCombination", "Must specify either Statistics or ExtendedStatistics")
    if not is_period(asked["Period"]):
        raise AwsError(
            "InvalidParameterValue",
            f"The value {asked['Period']} for parameter Period is invalid: it must be 1, 5, 10, 20, 30 or a multiple "
            "of 60.",
        )
    for statistic in asked.get("ExtendedStatistics") or ():
        if not is_percentile(statistic):
            raise AwsError(
                "InvalidParameterValue",
                f"The value {statistic} for parameter ExtendedStatistics is not supported.",
            )


def _statistics(asked: Mapping[str, Any], samples: Sequence[Sample]) -> dict[str, Any]:
    """Those that were asked for and can be told; percentiles are members of a map of their own."""
    told = {
        statistic: value
        for statistic in asked.get("Statistics") or asked["ExtendedStatistics"]
        if (value := statistic_of(samples, statistic)) is not None
    }
    return told if asked.get("Statistics") or not told else {"ExtendedStatistics": told}
