"""What CloudWatch has of a health check in one minute (1.12)."""

from __future__ import annotations

import pytest

from stillup.engine.alarms import datapoints
from stillup.engine.alarms.datapoints import Datapoints, samples_of
from stillup.engine.ports import HealthFigures
from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId
from stillup.rules.metrics.metric import Metric, sample_of
from tests.engine.alarms.fakes import Disk, FakeMetrics

CHECK = HealthCheckId("c")
OF_CHECK = ("HealthCheckId", "c")
UP, DOWN = Status.HEALTHY, Status.UNHEALTHY


def _metric(name: str, *dimensions: tuple[str, str]) -> Metric:
    return Metric("AWS/Route53", name, (OF_CHECK, *dimensions))


def test_every_status_of_the_minute_is_in_its_datapoint() -> None:
    (status,) = samples_of(CHECK, HealthFigures(status=(DOWN, UP)), 60.0)

    assert status == sample_of(_metric("HealthCheckStatus"), 60.0, 0.0, 1.0)
    assert (status.minimum, status.maximum, status.unit) == (0.0, 1.0, "None")


def test_shares_and_counts_of_nought_are_datapoints_too() -> None:
    figures = HealthFigures(status=(UP,), percentage_healthy=0.0, healthy_children=0)
    _, share, children = samples_of(CHECK, figures, 60.0)

    assert share == sample_of(_metric("HealthCheckPercentageHealthy"), 60.0, 0.0, unit="Percent")
    assert children == sample_of(_metric("ChildHealthCheckHealthyCount"), 60.0, 0.0, unit="Count")


def test_timings_are_told_of_each_region_and_of_all() -> None:
    timings = (("ConnectionTime", "us-east-1", 3.0), ("ConnectionTime", "eu-west-1", 5.0))
    found = list(samples_of(CHECK, HealthFigures(status=(UP,), timings=timings), 60.0))[1:]

    assert found == [
        sample_of(_metric("ConnectionTime"), 60.0, 3.0, 5.0, unit="Milliseconds"),
        sample_of(_metric("ConnectionTime", ("Region", "us-east-1")), 60.0, 3.0, unit="Milliseconds"),
        sample_of(_metric("ConnectionTime", ("Region", "eu-west-1")), 60.0, 5.0, unit="Milliseconds"),
    ]


async def test_datapoints_that_cannot_be_written_wait() -> None:
    disk = Disk()
    metrics = FakeMetrics(disk)
    points = Datapoints(metrics)

    disk.is_full = True
    assert not await points.put({CHECK: HealthFigures((DOWN,))}, 0.0)
    disk.is_full = False
    assert await points.put({CHECK: HealthFigures((UP,))}, 60.0)

    assert [(each.at, each.sum) for each in metrics.samples["us-east-1"]] == [(0.0, 0.0), (60.0, 1.0)]
    assert {each.name: each.value for each in points.figures()} == {
        "stillup_datapoints_total": 2,
        "stillup_datapoints_waiting": 0,
        "stillup_datapoints_dropped_total": 0,
    }


async def test_of_too_many_that_wait_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datapoints, "MOST_WAITING", 2)
    disk = Disk()
    points = Datapoints(metrics := FakeMetrics(disk))

    disk.is_full = True
    for minute in range(4):
        await points.put({CHECK: HealthFigures((UP,))}, minute * 60.0)
    disk.is_full = False
    await points.put({}, 240.0)

    assert [each.at for each in metrics.samples["us-east-1"]] == [120.0, 180.0]
