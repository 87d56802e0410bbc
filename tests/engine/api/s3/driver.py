"""Drives S3's operations directly: parameters in, members out; no HTTP between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.model import Shape
from botocore.session import Session
from botocore.validate import ParamValidator

from stillup.engine.api.call import ApiPorts, ApiSettings, Call, Reply
from stillup.engine.api.s3.operations import S3_OPERATIONS
from stillup.engine.store.garbage import referenced_blobs
from stillup.wire.aws.messages import AwsError, HttpRequest, Output
from tests.fakes import ROOT, FakeBlobs, FakeClock, FakeDie, FakeWorlds, api_ports

MODEL = Session().get_service_model("s3")


@dataclass
class Driver:
    """An S3 with nothing behind it but fakes."""

    worlds: FakeWorlds = field(default_factory=FakeWorlds)
    blobs: FakeBlobs = field(default_factory=FakeBlobs)
    clock: FakeClock = field(default_factory=FakeClock)
    die: FakeDie = field(default_factory=FakeDie)
    region: str = "us-east-1"
    account: str = "123456789012"

    async def output(
        self,
        operation: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        **parameters: Any,
    ) -> Output:
        """The output of an operation; a streamed payload is its member `Body`."""
        model = MODEL.operation_model(operation)
        assert parameters.keys() <= model.input_shape.members.keys()
        call = Call(
            service="s3",
            operation=operation,
            parameters=parameters,
            request=HttpRequest("GET", "/", "", headers or {}),
            request_id="1",
            region=self.region,
            access_key_id="AKIDEXAMPLE",
            body=_chunks(body),
            principal=ROOT,
            source_ip="127.0.0.1",
        )
        answer = await S3_OPERATIONS[operation](self._ports(), call)
        output = answer.output if isinstance(answer, Reply) else answer
        _assert_modelled(model.output_shape, output.members)
        if isinstance(answer, Reply):
            parts = [] if answer.stream is None else [chunk async for chunk in answer.stream]
            return Output({**output.members, "Body": b"".join(parts)}, output.status, output.headers)
        return output

    async def __call__(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """The members of the output."""
        return (await self.output(operation, **parameters)).members

    async def refusal(self, operation: str, **parameters: Any) -> AwsError:
        """The error that the operation raises; nothing may have changed by it."""
        before, contents = self.worlds.current, dict(self.blobs.contents)
        with pytest.raises(AwsError) as caught:
            await self.output(operation, **parameters)
        assert self.worlds.current is before
        assert self.blobs.contents == contents
        return caught.value

    async def code(self, operation: str, **parameters: Any) -> str:
        """The code of that error."""
        return (await self.refusal(operation, **parameters)).code

    def kept(self) -> list[bytes]:
        """The contents that the world refers to; the store forgets all others."""
        return [self.blobs.contents[blob] for blob in referenced_blobs(self.worlds.current)]

    def _ports(self) -> ApiPorts:
        return api_ports(
            worlds=self.worlds,
            clock=self.clock,
            die=self.die,
            blobs=self.blobs,
            settings=ApiSettings(account_id=self.account),
        )


def _assert_modelled(shape: Shape | None, value: Any) -> None:
    """By the model: known members, the required ones, the right types, nothing outside an enum."""
    if shape is None:
        assert value == {}
        return
    report = ParamValidator().validate(value, shape)
    assert not report.has_errors(), report.generate_report()
    _assert_enums(shape, value)


def _assert_enums(shape: Shape, value: Any) -> None:
    match shape.type_name:
        case "structure":
            assert value.keys() <= shape.members.keys()
            for name, member in value.items():
                _assert_enums(shape.members[name], member)
        case "list":
            for member in value:
                _assert_enums(shape.member, member)
        case "string" if shape.enum:
            assert value in shape.enum, f"{value} is not one of {shape.name}"


async def _chunks(body: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(body), 1 << 16):
        yield body[at : at + (1 << 16)]
