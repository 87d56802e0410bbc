"""GetMetricData: several metrics at once, page by page; metric math is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any, Final, NamedTuple

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.cloudwatch.members import dimensions_in, instant
from stillup.engine.api.cloudwatch.paging import position_in, token_for
from stillup.rules.ids import Instant
from stillup.rules.metrics.metric import Metric
from stillup.rules.metrics.periods import range_problem, rounded_start
from stillup.rules.metrics.queries import (
    MOST_DATAPOINTS,
    Query,
    Series,
    labels_of,
    queries_problem,
    series_of,
)
from stillup.wire.aws.messages import AwsError, Output


class _Position(NamedTuple):
    """Where a page ended: in which query, and after which datapoint of it."""

    query: int
    at: Instant | None


async def get_metric_data(ports: ApiPorts, call: Call) -> Output:
    """GetMetricData: the queries in their order, each with its datapoints newest first unless ScanBy says otherwise.

    A page that is full ends within a query or between two; the next one goes on there.
    """
    queries = _queries(ports, call)
    problem = queries_problem(queries)
    if problem is not None:
        raise AwsError(problem.code, problem.message)
    wrong = range_problem(instant(call.parameters["StartTime"]), instant(call.parameters["EndTime"]))
    if wrong is not None:
        raise AwsError("ValidationError", wrong)
    first, after = position_in(call.parameters, _Position) or (0, None)
    room = _room(call)
    results: list[dict[str, Any]] = []
    following: _Position | None = None
    labels = labels_of(queries)
    for number, query in enumerate(queries):
        if number < first or not query.returns_data:
            continue
        if not room:
            following = _Position(number, None)
            break
        series = await _series(ports, call, query)
        points = _in_scan_order(call, series, after if number == first else None)
        results.append(_render(query, labels[number], series, points[:room], is_whole=len(points) <= room))
        if len(points) > room:
            following = _Position(number, points[room - 1][0])
            break
        room -= len(points)
    more = {} if following is None else {"NextToken": token_for(following)}
    return Output({"MetricDataResults": results, "Messages": [], **more})


QUERY_OPERATIONS: Final[Mapping[str, Operation]] = {"GetMetricData": get_metric_data}


def _queries(ports: ApiPorts, call: Call) -> Sequence[Query]:
    queries = []
    for asked in call.parameters["MetricDataQueries"]:
        if "Expression" in asked:
            raise AwsError(
                "ValidationError",
                f"The query {asked['Id']} has an Expression: metric math is not supported by this engine.",
            )
        if "MetricStat" not in asked:
            raise AwsError("ValidationError", f"The query {asked['Id']} must have a MetricStat.")
        if asked.get("AccountId", ports.settings.account_id) != ports.settings.account_id:
            raise AwsError(
                "ValidationError",
                f"The query {asked['Id']} asks for an account that this engine does not have.",
            )
        queries.append(_query(asked))
    return queries


def _query(asked: Mapping[str, Any]) -> Query:
    wanted = asked["MetricStat"]
    metric = wanted["Metric"]
    return Query(
        id=asked["Id"],
        metric=Metric(
            metric.get("Namespace", ""), metric.get("MetricName", ""), dimensions_in(metric.get("Dimensions"))
        ),
        period=wanted["Period"],
        statistic=wanted["Stat"],
        unit=wanted.get("Unit"),
        label=asked.get("Label"),
        returns_data=asked.get("ReturnData", True),
    )


def _room(call: Call) -> int:
    room: int = call.parameters.get("MaxDatapoints", MOST_DATAPOINTS)
    if not 1 <= room <= MOST_DATAPOINTS:
        raise AwsError(
            "ValidationError", f"The parameter MaxDatapoints must be from 1 to {MOST_DATAPOINTS}, not {room}."
        )
    return room


async def _series(ports: ApiPorts, call: Call, query: Query) -> Series:
    now = ports.clock.now()
    start = rounded_start(floor(instant(call.parameters["StartTime"])), query.period, now=now)
    end = instant(call.parameters["EndTime"])
    samples = await ports.metrics.read(call.region, query.metric, start=start, end=end)
    return series_of(query, samples, start=start, now=now)


def _in_scan_order(call: Call, series: Series, after: Instant | None) -> Sequence[tuple[Instant, float]]:
    """The datapoints in the order that was asked for, from the one after this on."""
    if call.parameters.get("ScanBy") == "TimestampAscending":
        return [point for point in series.points if after is None or point[0] > after]
    return [point for point in reversed(series.points) if after is None or point[0] < after]


def _render(
    query: Query, label: str, series: Series, points: Sequence[tuple[Instant, float]], *, is_whole: bool
) -> dict[str, Any]:
    told = f"Multiple units returned: '[{', '.join(series.units)}]'"
    messages = [{"Code": "MultipleUnits", "Value": told}] if len(series.units) > 1 else []
    return {
        "Id": query.id,
        "Label": label,
        "Timestamps": [at for at, _ in points],
        "Values": [value for _, value in points],
        "StatusCode": "Complete" if is_whole else "PartialData",
        **({"Messages": messages} if messages else {}),
    }
