"""boto3 against the IAM and STS operations in this process: both sides of the wire, and no socket.

Every output is held against botocore's model before it is rendered.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

from stillup.engine.api.call import Call, Operation
from stillup.engine.api.iam.operations import IAM_OPERATIONS
from stillup.engine.api.sts import STS_OPERATIONS
from stillup.rules.iam.identity import Principal, PrincipalKind
from stillup.rules.world import World
from stillup.wire.aws.interpret import parse, render, render_error
from stillup.wire.aws.locate import Located, locate
from stillup.wire.aws.messages import AwsError, HttpRequest, HttpResponse, Output
from tests.fakes import ROOT, FakeWorlds, api_ports

OPERATIONS: dict[str, Operation] = {**IAM_OPERATIONS, **STS_OPERATIONS}


class IamApi:
    """The operations over a world, called by `iam` and `sts` as `caller`."""

    def __init__(self, world: World | None = None, caller: Principal = ROOT) -> None:
        self.worlds = FakeWorlds(world)
        self.ports = api_ports(worlds=self.worlds)
        self.caller = caller
        self.iam = _client("iam")
        self.sts = _client("sts")
        _answering[:] = [self]

    @property
    def world(self) -> World:
        return self.worlds.current

    def call_as(self, user_name: str) -> None:
        """Call as this user from now on."""
        self.caller = Principal(PrincipalKind.USER, "123456789012", self.world.users[user_name])

    @contextmanager
    def refused(self, code: str, message: str, status: int | None = None) -> Iterator[None]:
        """What happens here is refused in these words, and nothing changes."""
        before = self.world
        with pytest.raises(ClientError) as caught:
            yield
        response: Any = caught.value.response
        assert (response["Error"]["Code"], response["Error"]["Message"]) == (code, message)
        assert status in (None, response["ResponseMetadata"]["HTTPStatusCode"])
        assert self.world is before

    async def answer(self, request: HttpRequest, form: bytes) -> HttpResponse:
        located = locate(request, form)
        try:
            return await self._output(located, request, form)
        except AwsError as error:
            return render_error(located.service, error, request, "request-id")

    async def _output(self, located: Located, request: HttpRequest, form: bytes) -> HttpResponse:
        call = Call(
            service=located.service,
            operation=located.operation.name,
            parameters=parse(located, request, form),
            request=request,
            request_id="request-id",
            region=located.region,
            access_key_id=located.access_key_id,
            body=_no_body(),
            principal=self.caller,
            source_ip="127.0.0.1",
        )
        output = await OPERATIONS[call.operation](self.ports, call)
        assert isinstance(output, Output)
        shape = located.operation.output_shape
        # Root is described without a path and a name, as on AWS, although the model wants them.
        if shape is not None and not (call.operation == "GetUser" and not call.parameters):
            report = ParamValidator().validate(output.members, shape)
            assert not report.has_errors(), report.generate_report()
        return render(located, output, "request-id")


_answering: list[IamApi] = []


@cache
def _client(service: str) -> Any:
    client = boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:4566",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
        # What a client would refuse itself must reach the engine.
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )
    client.meta.events.register("before-send", _answer)
    return client


def _answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
    """botocore's hook in front of the network: the response, so that nothing is sent."""
    url = urlsplit(request.url)
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
    }
    body: Any = request.body or b""
    form = body if isinstance(body, bytes) else body.encode()
    asked = HttpRequest(request.method, url.path, url.query, headers)
    response = asyncio.run(_answering[0].answer(asked, form))
    return AWSResponse(request.url, response.status, dict(response.headers), _Octets(response.body))


class _Octets(io.BytesIO):
    """A body as urllib3 hands it out."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


async def _no_body() -> AsyncIterator[bytes]:
    chunks: tuple[bytes, ...] = ()
    for chunk in chunks:
        yield chunk
