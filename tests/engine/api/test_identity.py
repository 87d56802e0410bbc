"""The listener with keys: boto3, the aws command and raw octets, right, wrong, late and tampered with."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
import trustme
from botocore.config import Config
from botocore.exceptions import ClientError

from stillup.engine.api.audit import AuditLog
from stillup.engine.api.authentication import Authentication
from stillup.engine.api.counters import ApiCounters
from stillup.engine.api.listener import api_application
from stillup.engine.api.operations import OPERATIONS
from stillup.engine.api.root_key import RootKey
from stillup.engine.http import HttpListener, tls_context
from stillup.wire.aws.sigv4 import signing_key, string_to_sign
from stillup.wire.aws.sigv4_claim import read_header
from tests.fakes import FakeBlobs, FakeClock, FakeWorlds, api_ports
from tests.wire.aws.signers import KEY_ID, SECRET, signed

ONCE = {"retries": {"total_max_attempts": 1}}


class WallClock(FakeClock):
    """Engine time stands still; the wall's clock is right, or `ahead`."""

    ahead = 0.0

    def wall(self) -> float:
        return time.time() + self.ahead


@dataclass
class House:
    """A closed API whose root key is that of the signers."""

    url: str
    clock: WallClock
    worlds: FakeWorlds
    audit: AuditLog
    path: Path
    authority: Path

    def client(self, service: str, *, secret: str = SECRET, key: str = KEY_ID, **config: Any) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            verify=str(self.authority),
            config=Config(**{**ONCE, **config}),
        )

    async def call(self, client: Any, operation: str, **parameters: Any) -> Any:
        return await asyncio.to_thread(client._make_api_call, operation, parameters)

    async def refused(self, client: Any, operation: str, **parameters: Any) -> str:
        with pytest.raises(ClientError) as caught:
            await self.call(client, operation, **parameters)
        return str(caught.value.response["Error"]["Code"])  # type: ignore[typeddict-item]

    async def fetch(self, url: str, method: str = "GET", **how: Any) -> httpx.Response:
        async with httpx.AsyncClient(verify=False) as client:
            return await client.request(method, url, **how)

    def keys(self) -> set[str]:
        """The objects that are there."""
        bucket = self.worlds.current.buckets.get("bucket")
        return set() if bucket is None else set(bucket.objects)

    def audited(self) -> list[dict[str, Any]]:
        self.audit.close()
        return [json.loads(line) for line in self.path.read_text().splitlines()]


@pytest.fixture(params=["http"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    clock, worlds = WallClock(), FakeWorlds()
    audit = AuditLog(tmp_path / "audit.log")
    audit.start()
    authentication = Authentication(
        worlds,
        clock,
        account_id="123456789012",
        root_key=RootKey(KEY_ID, SECRET, is_given=True),
        is_on_loopback=True,
    )
    ports = api_ports(worlds=worlds, clock=clock, blobs=FakeBlobs())
    application = api_application(
        ports, OPERATIONS, authentication=authentication, audit=audit, counters=ApiCounters()
    )
    tls = None
    if request.param == "https":
        authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
        issued = authority.issue_cert("127.0.0.1", key_type=trustme.KeyType.ECDSA)
        authority.cert_pem.write_to_path(tmp_path / "authority.pem")
        issued.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
        issued.private_key_pem.write_to_path(tmp_path / "key.pem")
        tls = tls_context(tmp_path / "cert.pem", tmp_path / "key.pem")
    listener = HttpListener(application, "127.0.0.1", 0, tls=tls)
    host, port = await listener.start()
    url = f"{request.param}://{host}:{port}"
    yield House(url, clock, worlds, audit, tmp_path / "audit.log", tmp_path / "authority.pem")
    await listener.close()
    audit.close()


def secrets_in(text: str) -> list[str]:
    return [secret for secret in (SECRET, "hunter2") if secret in text]


@pytest.mark.slow
async def test_wrong_keys_and_wrong_clocks_are_refused_in_each_services_words(house: House) -> None:
    for service, operation, unknown, mismatch, skewed in (
        ("s3", "ListBuckets", "InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed"),
        (
            "sts",
            "GetCallerIdentity",
            "InvalidClientTokenId",
            "SignatureDoesNotMatch",
            "SignatureDoesNotMatch",
        ),
        (
            "cloudwatch",
            "ListMetrics",
            "InvalidClientTokenId",
            "SignatureDoesNotMatch",
            "SignatureDoesNotMatch",
        ),
        ("ec2", "DescribeInstances", "AuthFailure", "AuthFailure", "RequestExpired"),
    ):
        house.clock.ahead = 0
        assert await house.refused(house.client(service, key="AKIDOTHER"), operation) == unknown
        assert await house.refused(house.client(service, secret="other"), operation) == mismatch
        house.clock.ahead = 1000
        assert await house.refused(house.client(service), operation) == skewed
    house.clock.ahead = 0
    told = await house.call(house.client("sts"), "GetCallerIdentity")
    assert told["Arn"] == "arn:aws:iam::123456789012:root"
    assert [line["principal"] for line in house.audited()][-1] == told["Arn"]


@pytest.mark.slow
@pytest.mark.parametrize("house", ["http", "https"], indirect=True)
async def test_uploads_are_accepted_however_boto3_signs_them(house: House) -> None:
    modes: dict[str, dict[str, Any]] = {
        "signed": {"s3": {"payload_signing_enabled": True}},
        "unsigned": {
            "s3": {"payload_signing_enabled": False},
            "request_checksum_calculation": "when_required",
        },
        "trailer": {
            "s3": {"payload_signing_enabled": False},
            "request_checksum_calculation": "when_supported",
        },
        "default": {},
    }
    await house.call(house.client("s3"), "CreateBucket", Bucket="bucket")
    for name, mode in modes.items():
        client = house.client("s3", **mode)
        with (house.path.parent / "payload").open("wb+") as file:
            file.write(name.encode() * 50_000)
            file.seek(0)
            await house.call(client, "PutObject", Bucket="bucket", Key=f"{name} é+&", Body=file)
        found = await house.call(client, "GetObject", Bucket="bucket", Key=f"{name} é+&")
        assert found["Body"].read() == name.encode() * 50_000
    deleted = {"Objects": [{"Key": f"{name} é+&"} for name in modes]}
    await house.call(house.client("s3"), "DeleteObjects", Bucket="bucket", Delete=deleted)
    assert house.keys() == set()


@pytest.mark.slow
@pytest.mark.parametrize("version", ["s3", "s3v4"])
async def test_presigned_urls_work_until_they_expire_or_are_changed(house: House, version: str) -> None:
    client = house.client("s3", signature_version=version)
    await house.call(client, "CreateBucket", Bucket="bucket")
    where = {"Bucket": "bucket", "Key": "a b/é"}
    put = client.generate_presigned_url("put_object", where, ExpiresIn=600)
    get = client.generate_presigned_url("get_object", where, ExpiresIn=600)
    assert ("X-Amz-Signature" in get) is (version == "s3v4")

    assert (await house.fetch(put, "PUT", content=b"backup")).status_code == 200
    assert (await house.fetch(get)).content == b"backup"
    assert (await house.fetch(get, "DELETE")).status_code == 403
    changed = await house.fetch(get.replace("/bucket/a", "/bucket/b"))
    assert (changed.status_code, "SignatureDoesNotMatch" in changed.text) == (403, True)
    house.clock.ahead = 601
    late = await house.fetch(get)
    assert (late.status_code, "Request has expired" in late.text) == (403, True)
    assert (await house.fetch(put, "PUT", content=b"late")).status_code == 403
    house.clock.ahead = 0
    assert (await house.fetch(get)).content == b"backup"


@pytest.mark.slow
async def test_what_the_aws_command_presigns_can_be_fetched(house: House) -> None:
    client = house.client("s3")
    await house.call(client, "CreateBucket", Bucket="bucket")
    await house.call(client, "PutObject", Bucket="bucket", Key="index.html", Body=b"backup")
    command = ["-m", "awscli", "s3", "presign", "s3://bucket/index.html", "--endpoint-url", house.url]
    environment = {
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    made = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, *command],
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    assert (await house.fetch(made.stdout.strip())).content == b"backup"


async def test_a_payload_that_is_not_what_was_signed_leaves_nothing_behind(house: House) -> None:
    await house.call(house.client("s3"), "CreateBucket", Bucket="bucket")
    path, host = "/bucket/key", house.url.partition("://")[2]
    request = signed("s3", method="PUT", path=path, body=b"what was signed", host=host)
    right = await house.fetch(house.url + path, "PUT", headers=request.headers, content=b"what was signed")
    assert right.status_code == 200
    other = signed("s3", method="PUT", path="/bucket/other", body=b"what was signed", host=host)
    wrong = await house.fetch(
        f"{house.url}/bucket/other", "PUT", headers=other.headers, content=b"what was signeD"
    )
    assert (wrong.status_code, "XAmzContentSHA256Mismatch" in wrong.text) == (400, True)
    assert house.keys() == {"key"}


@pytest.mark.parametrize("tampered", [False, True])
async def test_a_chunk_that_is_not_what_was_signed_leaves_nothing_behind(
    house: House, tampered: bool
) -> None:
    await house.call(house.client("s3"), "CreateBucket", Bucket="bucket")
    headers, body = chunked_upload(house.url.partition("://")[2], [b"a" * 70_000, b"b" * 100])
    if tampered:
        body = body.replace(b"b" * 100, b"b" * 99 + b"c")
    answer = await house.fetch(f"{house.url}/bucket/key", "PUT", headers=headers, content=body)

    assert answer.status_code == (403 if tampered else 200)
    assert ("SignatureDoesNotMatch" in answer.text) is tampered
    assert house.keys() == (set() if tampered else {"key"})


def chunked_upload(host: str, chunks: list[bytes]) -> tuple[dict[str, str], bytes]:
    """A PUT of these chunks, each signed. The head is botocore's, the chunks ours: no Python library signs them."""
    given = {
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "x-amz-decoded-content-length": str(sum(map(len, chunks))),
    }
    signed_by_botocore = signed("s3", method="PUT", path="/bucket/key", host=host)
    headers = {**signed_by_botocore.headers, **given, "content-encoding": "aws-chunked"}
    names = sorted({"host", "x-amz-date", *given})
    scope = f"{headers['x-amz-date'][:8]}/us-east-1/s3/aws4_request"
    lines = ["PUT", "/bucket/key", "", *(f"{name}:{headers[name]}" for name in names), "", ";".join(names)]
    canonical = "\n".join([*lines, given["x-amz-content-sha256"]])
    claim = f"AWS4-HMAC-SHA256 Credential={KEY_ID}/{scope}, SignedHeaders={';'.join(names)}, Signature="
    draft = replace(signed_by_botocore, headers={**headers, "authorization": f"{claim}to-come"})
    seed = read_header(draft, service="s3")
    key = signing_key(SECRET, seed.scope)
    signature = hmac.digest(key, string_to_sign(seed, canonical).encode(), "sha256").hex()
    headers["authorization"] = claim + signature
    body = b""
    for chunk in [*chunks, b""]:
        text = "\n".join(
            [
                "AWS4-HMAC-SHA256-PAYLOAD",
                headers["x-amz-date"],
                scope,
                signature,
                hashlib.sha256().hexdigest(),
                hashlib.sha256(chunk).hexdigest(),
            ]
        )
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        body += b"%x;chunk-signature=%s\r\n%s\r\n" % (len(chunk), signature.encode(), chunk)
    return headers, body


async def test_every_call_is_a_line_and_no_line_holds_a_secret(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    iam = house.client("iam")
    await house.call(iam, "CreateUser", UserName="alice")
    key = (await house.call(iam, "CreateAccessKey", UserName="alice"))["AccessKey"]
    alice = {"key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
    await house.refused(house.client("iam", **alice), "DeleteUser", UserName="root")
    await house.refused(house.client("s3", secret="hunter2hunter2"), "GetObject", Bucket="bucket", Key="k")
    await house.fetch(f"{house.url}/bucket/k", headers={"authorization": "Bearer hunter2"})
    await house.fetch(f"{house.url}/?Action=Nothing&Password=hunter2", "POST")

    lines = house.audited()
    assert [(line["action"], line["status"], line["error"]) for line in lines] == [
        ("CreateUser", 200, None),
        ("CreateAccessKey", 200, None),
        ("DeleteUser", 403, "AccessDenied"),
        ("GetObject", 403, "SignatureDoesNotMatch"),
        ("GetObject", 400, "InvalidArgument"),
        (None, 400, "InvalidAction"),
    ]
    root, user = "arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:user/alice"
    assert [line["principal"] for line in lines] == [root, root, user, None, None, None]
    assert [line["access_key_id"] for line in lines[:4]] == [KEY_ID, KEY_ID, key["AccessKeyId"], KEY_ID]
    assert lines[2]["resources"] == ["arn:aws:iam::123456789012:user/root"]
    assert lines[0]["resources"] == [user]
    assert {line["source_ip"] for line in lines} == {"127.0.0.1"}
    assert {line["service"] for line in lines[:4]} == {"iam", "s3"}
    assert len({line["request_id"] for line in lines}) == 6
    logged = [record.getMessage() for record in caplog.records if record.name.startswith("stillup")]
    everything = house.path.read_text() + "".join(logged)
    assert secrets_in(everything) == []
    assert key["SecretAccessKey"] not in everything
