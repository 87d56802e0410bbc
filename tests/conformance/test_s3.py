"""S3 as boto3 and the aws command line meet it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import boto3
import httpx
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.conformance.conftest import Subject

KEYS = [
    "a",
    "a b",
    "a+b",
    "a%20b",
    "ä/ö",
    "../x",
    "dir//x",
    "x/",
    "\U0001f600",
    "a&b<c>",
    "?q=1",
    "#f",
    "tab\t",
]
CHECKSUMS = {
    "CRC32": "tPoRdw==",
    "CRC32C": "E2fhmA==",
    "CRC64NVME": "U3FbsVgcqhc=",
    "SHA1": "SnVsoH6Uh/SCRlqZ6ChqvIa6Tcc=",
    "SHA256": "0bKln76n4gB3r5+Rsn6V6GUGGycL4D/1Oas7c1h4gug=",
}
"""Of b"contents". Declared by the tests themselves: boto3 computes not all of them without awscrt."""
OFF = {"BlockPublicPolicy": False, "RestrictPublicBuckets": False}


@pytest.fixture
def s3(subject: Subject) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=subject.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        config=Config(retries={"max_attempts": 1}),
    )


@pytest.fixture
def bucket(s3: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """A bucket of this test's own, gone afterwards."""
    name = f"{hashlib.sha256(request.node.name.encode()).hexdigest()[:20]}.example.com"
    s3.create_bucket(Bucket=name)
    yield name
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
        for entry in page.get("Contents", ()):
            s3.delete_object(Bucket=name, Key=entry["Key"])
    s3.delete_bucket(Bucket=name)


class Aws(Protocol):
    """Runs the aws command with these words; what it prints."""

    def __call__(self, *words: str, fails: bool = False) -> str: ...


@pytest.fixture
def aws(subject: Subject, aws_folder: Path) -> Aws:
    environment = {
        "PATH": os.environ["PATH"],
        "AWS_ENDPOINT_URL": subject.endpoint_url,
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }

    def run(*words: str, fails: bool = False) -> str:
        command = [str(aws_folder / "aws"), *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def refusal(call: Any, **parameters: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.slow
def test_the_guides_first_step_makes_a_site(subject: Subject, aws: Aws, tmp_path: Path) -> None:
    """Step 1 as written, with the one thing that the guide forgets (8.g): Block Public Access is in the way."""
    name = "www.guide.example.com"
    page = tmp_path / "index.html"
    page.write_text("<h1>We are on the backup</h1>")
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "PublicReadGetObject",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{name}/*",
            }
        ],
    }
    put_policy = ("s3api", "put-bucket-policy", "--bucket", name, "--policy", json.dumps(policy))
    aws("s3", "mb", f"s3://{name}", "--region", "us-east-1")
    website = ("--index-document", "index.html", "--error-document", "error.html")
    aws("s3", "website", f"s3://{name}", *website)
    aws("s3", "cp", str(page), f"s3://{name}/index.html", "--content-type", "text/html")

    said = aws(*put_policy, fails=True)
    assert "AccessDenied" in said
    hint = said[said.index("aws s3api put-public-access-block") :].split()
    aws(*hint[1:])
    aws(*put_policy)

    if subject.site is not None:
        url = f"http://{subject.site.host}:{subject.site.port}/"
        for host in (name, f"{name}.s3-website-us-east-1.amazonaws.com"):
            answer = httpx.get(url, headers={"host": host})
            assert (answer.status_code, answer.text) == (200, page.read_text())
            assert answer.headers["content-type"] == "text/html"
        assert httpx.get(url + "nothing", headers={"host": name}).status_code == 404
    aws("s3", "rb", f"s3://{name}", "--force")


@pytest.mark.slow
def test_the_aws_command_moves_files(aws: Aws, bucket: str, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "sub").mkdir(parents=True)
    (here / "index.html").write_text("<h1>up</h1>")
    (here / "sub" / "a b+c.txt").write_text("text")
    (here / "large").write_bytes(os.urandom(9 << 20))

    aws("s3", "sync", str(here), f"s3://{bucket}/")
    assert aws("s3", "sync", f"s3://{bucket}/", str(there)).count("download: ") == 3
    assert (there / "large").read_bytes() == (here / "large").read_bytes()
    assert (there / "sub" / "a b+c.txt").read_text() == "text"
    assert aws("s3", "sync", f"s3://{bucket}/", str(there)) == ""

    aws("s3", "mv", f"s3://{bucket}/index.html", f"s3://{bucket}/moved.html")
    aws("s3", "cp", f"s3://{bucket}/large", f"s3://{bucket}/copied")
    listed = aws("s3", "ls", f"s3://{bucket}", "--recursive")
    assert [line.split(maxsplit=3)[3] for line in listed.splitlines()] == [
        "copied",
        "large",
        "moved.html",
        "sub/a b+c.txt",
    ]
    assert "PRE sub/" in aws("s3", "ls", f"s3://{bucket}")
    assert "BucketNotEmpty" in aws("s3", "rb", f"s3://{bucket}", fails=True)
    aws("s3", "rm", f"s3://{bucket}", "--recursive")
    assert aws("s3", "ls", f"s3://{bucket}") == ""


@pytest.mark.slow
def test_large_files_travel_in_parts(s3: Any, bucket: str, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(os.urandom((12 << 20) + 1))
    parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
    s3.upload_file(str(source), bucket, "large", Config=parts, ExtraArgs={"ContentType": "text/plain"})
    head = s3.head_object(Bucket=bucket, Key="large")
    assert (head["ContentLength"], head["ContentType"]) == (source.stat().st_size, "text/plain")
    assert head["ETag"].endswith('-3"')
    s3.copy({"Bucket": bucket, "Key": "large"}, bucket, "copy", Config=parts)
    s3.download_file(bucket, "copy", str(target), Config=parts)
    assert target.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("algorithm", CHECKSUMS)
def test_every_checksum_is_checked_kept_and_told(s3: Any, bucket: str, algorithm: str) -> None:
    declared = {f"Checksum{algorithm}": CHECKSUMS[algorithm]}
    put = s3.put_object(Bucket=bucket, Key="a", Body=b"contents", **declared)
    got = s3.get_object(Bucket=bucket, Key="a", ChecksumMode="ENABLED")
    assert got["Body"].read() == b"contents"
    assert got[f"Checksum{algorithm}"] == put[f"Checksum{algorithm}"] == CHECKSUMS[algorithm]
    code, status = refusal(s3.put_object, Bucket=bucket, Key="a", Body=b"other", **declared)
    assert (code, status) == ("BadDigest", 400)
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"contents"


def test_any_key_goes_and_comes_back(s3: Any, bucket: str) -> None:
    for key in KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    listed = [
        entry["Key"]
        for page in s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, PaginationConfig={"PageSize": 2}
        )
        for entry in page["Contents"]
    ]
    assert listed == sorted(KEYS, key=str.encode)
    for key in KEYS:
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()
        s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": key})
        assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == key.encode()
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in KEYS]})
    assert {entry["Key"] for entry in deleted["Deleted"]} == set(KEYS)


def test_headers_and_metadata_come_back(s3: Any, bucket: str) -> None:
    said = {
        "CacheControl": "max-age=60",
        "ContentDisposition": "inline",
        "ContentEncoding": "gzip",
        "ContentLanguage": "de",
        "ContentType": "text/html; charset=utf-8",
        "Metadata": {"who": "me"},
        "WebsiteRedirectLocation": "/elsewhere",
    }
    s3.put_object(Bucket=bucket, Key="a", Body=b"x", Tagging="k=v", **said)
    head = s3.head_object(Bucket=bucket, Key="a")
    assert {name: head[name] for name in said} == said
    assert head["ServerSideEncryption"] == "AES256"
    assert s3.get_object_tagging(Bucket=bucket, Key="a")["TagSet"] == [{"Key": "k", "Value": "v"}]


def test_ranges_and_preconditions_are_heard(s3: Any, bucket: str) -> None:
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"0123456789")["ETag"]
    part = s3.get_object(Bucket=bucket, Key="a", Range="bytes=2-4")
    assert (part["Body"].read(), part["ContentRange"], part["ContentLength"]) == (b"234", "bytes 2-4/10", 3)
    assert refusal(s3.get_object, Bucket=bucket, Key="a", Range="bytes=10-") == ("InvalidRange", 416)
    assert refusal(s3.get_object, Bucket=bucket, Key="a", IfNoneMatch=etag) == ("304", 304)
    assert refusal(s3.head_object, Bucket=bucket, Key="a", IfMatch='"x"') == ("412", 412)
    assert refusal(s3.get_object, Bucket=bucket, Key="a", IfMatch='"x"') == ("PreconditionFailed", 412)
    assert refusal(s3.put_object, Bucket=bucket, Key="a", IfNoneMatch="*") == ("PreconditionFailed", 412)


def test_what_is_not_there_is_said_so(s3: Any, bucket: str) -> None:
    assert refusal(s3.get_object, Bucket=bucket, Key="none") == ("NoSuchKey", 404)
    assert refusal(s3.head_object, Bucket=bucket, Key="none") == ("404", 404)
    assert refusal(s3.head_bucket, Bucket="none.example.com") == ("404", 404)
    assert refusal(s3.list_objects_v2, Bucket="none.example.com") == ("NoSuchBucket", 404)
    assert refusal(s3.get_bucket_website, Bucket=bucket) == ("NoSuchWebsiteConfiguration", 404)
    assert refusal(s3.get_bucket_policy, Bucket=bucket) == ("NoSuchBucketPolicy", 404)
    assert refusal(s3.get_bucket_tagging, Bucket=bucket) == ("NoSuchTagSet", 404)
    assert refusal(s3.get_bucket_cors, Bucket=bucket) == ("NoSuchCORSConfiguration", 404)
    abort = {"Bucket": bucket, "Key": "k", "UploadId": "none"}
    assert refusal(s3.abort_multipart_upload, **abort) == ("NoSuchUpload", 404)


def test_settings_read_back(s3: Any, bucket: str) -> None:
    website = {
        "IndexDocument": {"Suffix": "index.html"},
        "RoutingRules": [
            {"Condition": {"KeyPrefixEquals": "a/"}, "Redirect": {"ReplaceKeyPrefixWith": "b/"}}
        ],
    }
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration=website)
    answer = s3.get_bucket_website(Bucket=bucket)
    assert {name: value for name, value in answer.items() if name != "ResponseMetadata"} == website
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=OFF)
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert block == {"BlockPublicAcls": False, "IgnorePublicAcls": False, **OFF}
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None
    assert s3.head_bucket(Bucket=bucket)["BucketRegion"] == "us-east-1"
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    tags = [{"Key": "a", "Value": "1"}]
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == tags
    assert bucket in [entry["Name"] for entry in s3.list_buckets()["Buckets"]]


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME"])
def test_the_checksum_of_the_whole_is_checked_on_completion(s3: Any, bucket: str, algorithm: str) -> None:
    name, whole = f"Checksum{algorithm}", CHECKSUMS[algorithm]
    where = {"Bucket": bucket, "Key": "a"}
    kind = {"ChecksumAlgorithm": algorithm, "ChecksumType": "FULL_OBJECT"}
    where["UploadId"] = s3.create_multipart_upload(**where, **kind)["UploadId"]
    part = s3.upload_part(**where, PartNumber=1, Body=b"contents", **{name: whole})
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    wrong = b64encode(bytes(len(b64decode(whole)))).decode()
    complete = s3.complete_multipart_upload
    assert refusal(complete, **where, MultipartUpload=parts, **{name: wrong}) == ("BadDigest", 400)
    done = complete(**where, MultipartUpload=parts, ChecksumType="FULL_OBJECT", **{name: whole})
    assert done[name] == whole


def test_a_signed_url_opens_an_object(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a b", Body=b"x")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a b"})
    assert httpx.get(url).content == b"x"


def test_dates_that_are_none_are_ignored(s3: Any, bucket: str) -> None:
    """RFC 9110 §13.1.3; and S3 keeps an Expires that is no date, which is how one says "already" (§5.3 of RFC 9111)."""
    put = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "a"})
    assert httpx.put(put, content=b"x", headers={"expires": "0"}).status_code == 200
    get = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})
    answer = httpx.get(get, headers={"if-modified-since": "yesterday"})
    assert (answer.status_code, answer.headers.get("expires")) == (200, "0")


def test_uploads_that_stay_open_are_listed(s3: Any, bucket: str) -> None:
    upload = s3.create_multipart_upload(Bucket=bucket, Key="a b")["UploadId"]
    s3.upload_part(Bucket=bucket, Key="a b", UploadId=upload, PartNumber=3, Body=b"xyz")
    (listed,) = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert (listed["Key"], listed["UploadId"]) == ("a b", upload)
    (part,) = s3.list_parts(Bucket=bucket, Key="a b", UploadId=upload)["Parts"]
    assert (part["PartNumber"], part["Size"]) == (3, 3)
    s3.abort_multipart_upload(Bucket=bucket, Key="a b", UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)
