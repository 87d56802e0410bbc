"""The listener over real sockets: boto3 and raw octets on one side, small operations on the other."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Self

import boto3
import pytest
import uvicorn
from botocore.config import Config
from botocore.exceptions import ClientError

from stillup.engine.api.audit import AuditLog
from stillup.engine.api.authentication import Authentication
from stillup.engine.api.call import ApiPorts, ApiSettings, Call, Operation, Reply
from stillup.engine.api.counters import ApiCounters
from stillup.engine.api.listener import api_application
from stillup.engine.api.root_key import RootKey
from stillup.engine.api.sts import STS_OPERATIONS
from stillup.engine.ports import JournalUnavailable
from stillup.wire.aws.messages import AwsError, Output
from tests.fakes import FakeBlobs, FakeClock, api_ports

BIG = bytes(range(256)) * 40_000  # 10 MB: more than any body that is read whole


class Server:
    """The application on a port of its own, for as long as the context lasts."""

    def __init__(self, operations: Mapping[str, Mapping[str, Operation]], *, throttle: bool = False) -> None:
        self.blobs = FakeBlobs()
        self.clock = FakeClock()
        ports = api_ports(clock=self.clock, blobs=self.blobs, settings=ApiSettings(account_id="210987654321"))
        anybody = Authentication(
            ports.worlds,
            self.clock,
            account_id="210987654321",
            root_key=RootKey("AKIAROOT", "secret"),
            is_on_loopback=True,
        )
        application: Any = api_application(
            ports,
            operations,
            authentication=anybody,
            audit=AuditLog(Path(os.devnull)),
            counters=ApiCounters(),
            throttle=throttle,
        )
        self._server = uvicorn.Server(
            uvicorn.Config(
                application, host="127.0.0.1", port=0, lifespan="off", log_level="warning", ws="none"
            )
        )
        self._task: asyncio.Task[None] | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._server._serve())
        while not self._server.started:
            await asyncio.sleep(0.005)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        assert self._task is not None
        await self._task

    async def call(self, service: str, operation: str, **parameters: Any) -> Any:
        """What boto3 makes of the call; in a thread, since boto3 blocks."""
        return await asyncio.to_thread(self._call, service, operation, parameters)

    def _call(self, service: str, operation: str, parameters: dict[str, Any]) -> Any:
        client = boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name="eu-west-1",
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key="secret",
            config=Config(retries={"total_max_attempts": 1}),
        )
        try:
            response = client._make_api_call(operation, parameters)
            if "Body" in response:
                response["Body"] = response["Body"].read()
            return response
        finally:
            client.close()

    async def code(self, service: str, operation: str, **parameters: Any) -> tuple[str, int]:
        """The code and the status of the error that the call meets."""
        with pytest.raises(ClientError) as caught:
            await self.call(service, operation, **parameters)
        response: Any = caught.value.response
        return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]

    async def raw(self, octets: bytes) -> bytes:
        """What comes back for these octets until the server closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(octets)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer


async def put_object(ports: ApiPorts, call: Call) -> Output:
    await ports.blobs.write(call.body)
    return Output({"ETag": '"x"'})


async def get_object(ports: ApiPorts, call: Call) -> Reply:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(BIG), 1 << 20):
            yield BIG[start : start + (1 << 20)]

    return Reply(Output({"ContentLength": len(BIG)}), chunks())


async def head_object(ports: ApiPorts, call: Call) -> Output:
    return Output({"ContentLength": 12345, "ContentType": "text/plain"})


async def delete_object(ports: ApiPorts, call: Call) -> Output:
    return Output({})


S3 = {
    "PutObject": put_object,
    "GetObject": get_object,
    "HeadObject": head_object,
    "DeleteObject": delete_object,
}


@pytest.mark.slow
async def test_the_caller_is_told_who_it_is() -> None:
    async with Server({"sts": STS_OPERATIONS}) as server:
        told = await server.call("sts", "GetCallerIdentity")
    assert told["Account"] == "210987654321"
    assert told["Arn"] == "arn:aws:iam::210987654321:root"
    assert len(told["ResponseMetadata"]["RequestId"]) == 36


@pytest.mark.slow
async def test_an_operation_sees_region_key_and_parameters() -> None:
    seen: list[Call] = []

    async def head_bucket(ports: ApiPorts, call: Call) -> Output:
        seen.append(call)
        return Output({"BucketRegion": call.region})

    async with Server({"s3": {"HeadBucket": head_bucket}}) as server:
        answer = await server.call("s3", "HeadBucket", Bucket="some.bucket")
    assert answer["BucketRegion"] == "eu-west-1"
    assert seen[0].parameters == {"Bucket": "some.bucket"}
    assert seen[0].access_key_id == "AKIDEXAMPLE"


@pytest.mark.slow
@pytest.mark.parametrize("extra", [{}, {"ChecksumAlgorithm": "SHA256"}, {"ContentMD5": "given"}])
async def test_a_large_payload_streams_in_and_out_and_keeps_its_checksum(extra: dict[str, str]) -> None:
    async with Server({"s3": S3}) as server:
        if "ContentMD5" in extra:
            md5 = hashlib.md5(BIG, usedforsecurity=False).digest()
            extra = {"ContentMD5": b64encode(md5).decode()}
        await server.call("s3", "PutObject", Bucket="bb", Key="k", Body=BIG, **extra)
        assert list(server.blobs.contents.values()) == [BIG]
        assert (await server.call("s3", "GetObject", Bucket="bb", Key="k"))["Body"] == BIG


async def test_a_payload_that_breaks_its_checksum_is_refused_and_leaves_nothing() -> None:
    async with Server({"s3": S3}) as server:
        code = await server.code(
            "s3", "PutObject", Bucket="bb", Key="k", Body=b"hello", ContentMD5="AAAAAAAAAAAAAAAAAAAAAA=="
        )
        assert code == ("BadDigest", 400)
        assert server.blobs.contents == {}


async def test_a_head_reply_has_the_length_of_what_get_would_send() -> None:
    async with Server({"s3": S3}) as server:
        assert (await server.call("s3", "HeadObject", Bucket="bb", Key="k"))["ContentLength"] == 12345


async def test_a_reply_without_content_is_a_204() -> None:
    async with Server({"s3": S3}) as server:
        deleted = await server.call("s3", "DeleteObject", Bucket="bb", Key="k")
    assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 204


@pytest.mark.slow
async def test_what_is_not_built_is_refused_in_the_words_of_the_service() -> None:
    async with Server({}) as server:
        assert await server.code("s3", "ListBuckets") == ("NotImplemented", 501)
        assert await server.code("ec2", "DescribeVpcs") == ("InvalidAction", 400)
        assert await server.code("sts", "GetSessionToken") == ("InvalidAction", 400)
        assert await server.code("route53", "GetDNSSEC", HostedZoneId="Z1") == ("AccessDenied", 403)


async def test_a_bug_is_an_internal_error_and_one_loud_line(caplog: pytest.LogCaptureFixture) -> None:
    async def list_buckets(ports: ApiPorts, call: Call) -> Output:
        raise KeyError("a bug")

    async def unknown_member(ports: ApiPorts, call: Call) -> Output:
        return Output({"Nonsense": 1})

    async with Server({"s3": {"ListBuckets": list_buckets, "ListObjectsV2": unknown_member}}) as server:
        with caplog.at_level(logging.ERROR, "stillup"):
            assert await server.code("s3", "ListBuckets") == ("InternalError", 500)
            assert await server.code("s3", "ListObjectsV2", Bucket="bb") == ("InternalError", 500)
    assert [bool(record.exc_info) for record in caplog.records] == [True, True]


async def test_a_journal_that_cannot_be_written_is_a_503() -> None:
    async def list_buckets(ports: ApiPorts, call: Call) -> Output:
        raise JournalUnavailable("disk full")

    async with Server({"s3": {"ListBuckets": list_buckets}}) as server:
        assert await server.code("s3", "ListBuckets") == ("ServiceUnavailable", 503)


async def test_an_error_of_aws_is_passed_on() -> None:
    async def list_objects(ports: ApiPorts, call: Call) -> Output:
        raise AwsError("NoSuchBucket", "The specified bucket does not exist", members={"BucketName": "bb"})

    async with Server({"s3": {"ListObjectsV2": list_objects}}) as server:
        assert await server.code("s3", "ListObjectsV2", Bucket="bb") == ("NoSuchBucket", 404)


SCOPE = "Authorization: AWS4-HMAC-SHA256 Credential=a/b/c/sts/aws4_request\r\n"


@pytest.mark.parametrize(
    ("target", "header", "code"),
    [
        ("/2013-04-01/hostedzone", "", b"InvalidInput"),
        ("/bb?delete", "", b"MaxMessageLengthExceeded"),
        ("/", SCOPE, b"RequestEntityTooLarge"),
    ],
)
async def test_a_body_that_is_too_large_is_refused(target: str, header: str, code: bytes) -> None:
    async def never(ports: ApiPorts, call: Call) -> Output:
        raise AssertionError("not reached")

    operations = {"route53": {"CreateHostedZone": never}, "s3": {"DeleteObjects": never}}
    async with Server(operations) as server:
        head = f"POST {target} HTTP/1.1\r\nHost: localhost\r\n{header}"
        said = await server.raw(f"{head}Content-Length: 9999999\r\nExpect: 100-continue\r\n\r\n".encode())
        assert b"<Code>" + code + b"</Code>" in said
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
        writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk * 6 + b"0\r\n\r\n")
        assert b"<Code>" + code + b"</Code>" in await reader.readuntil(b"</Code>")
        writer.close()
        await writer.wait_closed()


async def test_a_payload_is_asked_for_only_when_it_is_wanted() -> None:
    """`Expect: 100-continue`: refused before the payload, the connection is closed, for nobody could tell what follows."""
    head = b"PUT /bb/%FF HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    async with Server({"s3": S3}) as server:
        said = await server.raw(head)
        assert b"100 Continue" not in said
        assert b"connection: close" in said.lower()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(head.replace(b"%FF", b"k"))
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
        writer.write(b"hello")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        writer.close()
        await writer.wait_closed()


async def test_a_caller_that_leaves_in_the_middle_leaves_nothing_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    left = asyncio.Event()

    async def watched(ports: ApiPorts, call: Call) -> Output:
        try:
            return await put_object(ports, call)
        finally:
            left.set()

    async with Server({"s3": {"PutObject": watched}}) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"PUT /bb/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\nhel")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        await asyncio.wait_for(left.wait(), 10)
        assert server.blobs.contents == {}
    assert not caplog.records


async def test_a_reply_stops_when_nobody_takes_it() -> None:
    closed = asyncio.Event()

    async def endless(ports: ApiPorts, call: Call) -> Reply:
        async def chunks() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield bytes(1 << 16)
            finally:
                closed.set()

        return Reply(Output({"ContentLength": 1 << 50}), chunks())

    async with Server({"s3": {"GetObject": endless}}) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET /bb/k HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.readexactly(1 << 17)
        writer.transport.abort()
        await asyncio.wait_for(closed.wait(), 10)


async def test_a_payload_without_a_length_is_refused() -> None:
    async with Server({"s3": S3}) as server:
        said = await server.raw(
            b"PUT /bb/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        )
    assert said.startswith(b"HTTP/1.1 411 ")
    assert b"<Code>MissingContentLength</Code>" in said


async def test_a_value_cannot_begin_a_header_of_its_own() -> None:
    async def mirror(ports: ApiPorts, call: Call) -> Output:
        return Output({"ContentType": call.parameters["ResponseContentType"]})

    async with Server({"s3": {"GetObject": mirror}}) as server:
        said = await server.raw(
            b"GET /bb/k?response-content-type=a%0d%0aX-Evil:%201 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"X-Evil" not in said


async def count(ports: ApiPorts, call: Call) -> Output:
    return Output({"HealthCheckObservations": []})


@pytest.mark.slow
async def test_limits_hold_only_when_they_are_asked_for() -> None:
    """TH-1, TH-3."""
    operations = {"route53": {"GetHealthCheckStatus": count}}
    for throttle, expected in ((False, []), (True, [("Throttling", 400)])):
        async with Server(operations, throttle=throttle) as server:
            refusals = []
            for _ in range(5):
                try:
                    await server.call("route53", "GetHealthCheckStatus", HealthCheckId="a")
                except ClientError as error:
                    said: Any = error.response
                    refusals.append((said["Error"]["Code"], said["ResponseMetadata"]["HTTPStatusCode"]))
            assert refusals == expected
