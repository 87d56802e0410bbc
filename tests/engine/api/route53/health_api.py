"""The health operations called as the listener calls them, each output held against botocore's model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from stillup.engine.api.call import ApiSettings, Call
from stillup.engine.api.route53.operations import ROUTE53_OPERATIONS
from stillup.engine.ports import CheckerReport
from stillup.rules.ids import HealthCheckId
from stillup.rules.world import World
from stillup.wire.aws.messages import AwsError, HttpRequest, Output
from tests.fakes import ROOT, FakeWorlds, api_ports

_MODEL: Any = botocore.session.get_session().get_service_model("route53")


class FakeReports:
    """What the test says that the vantages saw."""

    def __init__(self) -> None:
        self.seen: dict[HealthCheckId, list[CheckerReport]] = {}
        self.failures: dict[HealthCheckId, list[CheckerReport]] = {}

    def latest(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        return self.seen.get(check_id, [])

    def last_failures(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        return self.failures.get(check_id, [])

    def checker_ranges(self) -> Sequence[str]:
        return ["127.0.0.0/8"]


async def _no_body() -> AsyncIterator[bytes]:
    chunks: tuple[bytes, ...] = ()
    for chunk in chunks:
        yield chunk


class HealthApi:
    """The operations over an empty world."""

    def __init__(self, *, world: World | None = None, settings: ApiSettings | None = None) -> None:
        self.worlds = FakeWorlds(world)
        self.reports = FakeReports()
        self.ports = api_ports(worlds=self.worlds, reports=self.reports, settings=settings or ApiSettings())

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """The members of the output, valid by the model. Raises AwsError."""
        request = HttpRequest("GET", "/", "", {"host": "127.0.0.1:4566"})
        call = Call(
            "route53", operation, parameters, request, "id", "us-east-1", None, _no_body(), ROOT, "127.0.0.1"
        )
        try:
            output = await ROUTE53_OPERATIONS[operation](self.ports, call)
        except AwsError as error:
            error_shape = _MODEL.shape_for_error_code(error.code)
            assert error_shape is not None
            assert set(error.members) <= set(error_shape.members)
            raise
        assert isinstance(output, Output)
        shape = _MODEL.operation_model(operation).output_shape
        if shape is not None:
            report = ParamValidator().validate(output.members, shape)
            assert not report.has_errors(), report.generate_report()
            assert set(output.members) <= set(shape.members)
        return output.members

    async def create(self, reference: str = "ref", **config: Any) -> str:
        """The id of a new check: of an HTTP check unless the config says otherwise."""
        config = config or {"Type": "HTTP", "IPAddress": "203.0.113.10", "Port": 80}
        made = await self.call("CreateHealthCheck", CallerReference=reference, HealthCheckConfig=config)
        return str(made["HealthCheck"]["Id"])
