"""CloudWatch's operations called as the listener calls them, over real datapoints in a file.

Each output is held against botocore's model, and each error's code too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from stillup.engine.api.call import Call
from stillup.engine.api.cloudwatch.operations import CLOUDWATCH_OPERATIONS
from stillup.engine.ports import CheckerReport
from stillup.engine.store.metrics import SavedMetrics
from stillup.rules.alarms.alarm import HistoryItem
from stillup.rules.changes import TopicPut, history_of
from stillup.rules.health.check import Status
from stillup.rules.ids import Arn, HealthCheckId, HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.resolution import Resolution
from stillup.rules.topics.topic import Topic
from stillup.rules.world import fold
from stillup.wire.aws.messages import AwsError, HttpRequest, Output
from tests.fakes import ROOT, FakeClock, FakeWorlds, api_ports

_MODEL: Any = botocore.session.get_session().get_service_model("cloudwatch")
MINUTE = 1_700_000_040.0
"""2023-11-14 22:14:00 UTC."""
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
ALARM: dict[str, Any] = {
    "Namespace": "shop",
    "MetricName": "orders",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 30.0,
    "ComparisonOperator": "GreaterThanThreshold",
}


class WrittenHistory:
    """The history that the changes carried."""

    def __init__(self, worlds: FakeWorlds) -> None:
        self._worlds = worlds

    async def read(self, region: str, *, start: float, end: float) -> Sequence[HistoryItem]:
        items = [item for change in self._worlds.changes for item in history_of(change)]
        return [item for item in items[::-1] if item.region == region and start <= item.at < end]


class FailingCheck:
    """What the engine says of a health check that fails."""

    def status(self, _: HealthCheckId) -> Status:
        return Status.UNHEALTHY

    def since(self, _: HealthCheckId) -> float:
        return MINUTE - 60

    def latest(self, _: HealthCheckId) -> Sequence[CheckerReport]:
        return [CheckerReport("us-east-1", "127.0.0.1", "Failure: The connection was refused.", MINUTE)]

    def resolve(self, zone_id: HostedZoneId, name: DomainName, record_type: int) -> Resolution:
        raise AssertionError("no record uses the check")


async def _no_body() -> AsyncIterator[bytes]:
    chunks: tuple[bytes, ...] = ()
    for chunk in chunks:
        yield chunk


class CloudWatchApi:
    """The operations over an empty world."""

    def __init__(self, path: Path) -> None:
        self.clock = FakeClock(MINUTE)
        self.worlds = FakeWorlds()
        self.metrics = SavedMetrics(path)
        self.ports = api_ports(
            worlds=self.worlds,
            clock=self.clock,
            metrics=self.metrics,
            history=WrittenHistory(self.worlds),
            statuses=FailingCheck(),
            reports=FailingCheck(),
            resolver=FailingCheck(),
        )

    async def call(
        self, operation: str, *, region: str = "us-east-1", **parameters: Any
    ) -> Mapping[str, Any]:
        """The members of the output, valid by the model. Raises AwsError."""
        request = HttpRequest("POST", "/", "", {"host": "127.0.0.1:4566"})
        call = Call(
            "cloudwatch", operation, parameters, request, "id", region, None, _no_body(), ROOT, "127.0.0.1"
        )
        output = await CLOUDWATCH_OPERATIONS[operation](self.ports, call)
        assert isinstance(output, Output)
        shape = _MODEL.operation_model(operation).output_shape
        if shape is None:
            assert not output.members
            return output.members
        report = ParamValidator().validate(output.members, shape)
        assert not report.has_errors(), report.generate_report()
        assert set(output.members) <= set(shape.members)
        return output.members

    @contextmanager
    def refused(self, code: str, text: str = "") -> Iterator[None]:
        """What happens here is refused in these words, and nothing changes."""
        before = self.worlds.current
        with pytest.raises(AwsError) as caught:
            yield
        assert caught.value.code == code, caught.value
        assert text in caught.value.message
        assert self.worlds.current is before

    async def put_alarm(self, name: str = "down", **given: Any) -> None:
        await self.call("PutMetricAlarm", AlarmName=name, **{**ALARM, **given})

    async def alarm(self, name: str = "down", region: str = "us-east-1") -> Mapping[str, Any]:
        found = await self.call(
            "DescribeAlarms", region=region, AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        (alarm,) = [*found["MetricAlarms"], *found["CompositeAlarms"]]
        return dict(alarm)

    async def put_values(
        self, *values: float, name: str = "orders", at: float = MINUTE, **given: Any
    ) -> None:
        data = [{"MetricName": name, "Value": value, "Timestamp": moment(at), **given} for value in values]
        await self.call("PutMetricData", Namespace="shop", MetricData=data)

    def have_topic(self) -> None:
        """Put TOPIC into the world."""
        topic = Topic(Arn(TOPIC), "alerts", "us-east-1", "123456789012", MINUTE)
        self.worlds.current = fold(self.worlds.current, TopicPut(topic))


def moment(at: float) -> datetime:
    """A timestamp as the wire gives it."""
    return datetime.fromtimestamp(at, UTC)
