"""PutMetricData and ListMetrics (CW-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.cloudwatch.members import dimensions_in, instant, raise_if_given, render_metric
from stillup.engine.api.cloudwatch.paging import position_in, token_for
from stillup.rules.metrics.datum import Datum, StatisticSet, samples_of
from stillup.rules.metrics.metric import Metric
from stillup.rules.metrics.retention import HOUR, LISTED_FOR
from stillup.rules.refusal import Refusal
from stillup.wire.aws.messages import AwsError, Output

PAGE: Final = 500
"""Metrics of one page."""
RECENTLY: Final = 3 * HOUR
"""What RecentlyActive's one value means."""


class _Position(NamedTuple):
    """A metric, as they are ordered."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]


async def put_metric_data(ports: ApiPorts, call: Call) -> Output:
    """PutMetricData: all of it is on disk when this returns, or nothing."""
    raise_if_given(call, "EntityMetricData")
    namespace = call.parameters["Namespace"]
    data = [_datum(namespace, asked) for asked in call.parameters.get("MetricData") or []]
    samples = samples_of(namespace, data, now=ports.clock.now())
    if isinstance(samples, Refusal):
        raise AwsError(samples.code, samples.message)
    await ports.metrics.put(call.region, samples)
    return Output()


async def list_metrics(ports: ApiPorts, call: Call) -> Output:
    """ListMetrics: those of the last two weeks, or hours; the page's order is that of their names."""
    asked = call.parameters
    since = ports.clock.now() - (RECENTLY if "RecentlyActive" in asked else LISTED_FOR)
    is_ours = asked.get("OwningAccount", ports.settings.account_id) == ports.settings.account_id
    known = await ports.metrics.known(call.region, since=since) if is_ours else ()
    last = position_in(asked, _Position, _bad_token)
    following = sorted(
        _order(metric)
        for metric in known
        if _is_asked_for(asked, metric) and (last is None or _order(metric) > last)
    )
    shown = following[:PAGE]
    more = {"NextToken": token_for(shown[-1])} if len(following) > PAGE else {}
    owners = {"OwningAccounts": [ports.settings.account_id] * len(shown)}
    return Output(
        {
            "Metrics": [render_metric(Metric(*each)) for each in shown],
            **(owners if asked.get("IncludeLinkedAccounts") else {}),
            **more,
        }
    )


METRIC_OPERATIONS: Final[Mapping[str, Operation]] = {
    "PutMetricData": put_metric_data,
    "ListMetrics": list_metrics,
}


def _datum(namespace: str, asked: Mapping[str, Any]) -> Datum:
    counted = asked.get("StatisticValues")
    counts: Sequence[float] | None = asked.get("Counts")
    return Datum(
        metric=Metric(namespace, asked["MetricName"], dimensions_in(asked.get("Dimensions"))),
        at=instant(asked["Timestamp"]) if "Timestamp" in asked else None,
        value=asked.get("Value"),
        values=tuple(asked.get("Values") or ()),
        counts=tuple(counts) if counts else None,
        statistics=None
        if counted is None
        else StatisticSet(counted["SampleCount"], counted["Sum"], counted["Minimum"], counted["Maximum"]),
        unit=asked.get("Unit", "None"),
        resolution=asked.get("StorageResolution", 60),
    )


def _order(metric: Metric) -> _Position:
    return _Position(metric.namespace, metric.name, metric.dimensions)


def _is_asked_for(asked: Mapping[str, Any], metric: Metric) -> bool:
    """Each filter wants one dimension; the metric may have others beside (a value of None: any)."""
    return (
        metric.namespace == asked.get("Namespace", metric.namespace)
        and metric.name == asked.get("MetricName", metric.name)
        and all(
            any(
                wanted["Name"] == name and wanted.get("Value", value) == value
                for name, value in metric.dimensions
            )
            for wanted in asked.get("Dimensions") or ()
        )
    )


def _bad_token() -> AwsError:
    return AwsError("InvalidParameterValue", "Request parameter NextToken is invalid")
