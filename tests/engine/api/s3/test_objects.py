import hashlib
import zlib
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from stillup.rules.ids import BlobId
from tests.engine.api.s3.driver import Driver

TEXT = b"0123456789"
CRC32 = b64encode(zlib.crc32(TEXT).to_bytes(4)).decode()
MD5 = hashlib.md5(TEXT).hexdigest()
BEFORE = datetime(2023, 11, 14, tzinfo=UTC)
AFTER = datetime(2023, 11, 15, tzinfo=UTC)


@pytest.fixture
async def stored(s3: Driver) -> Driver:
    """With the object `key`."""
    headers = {
        "content-type": "text/plain",
        "cache-control": "no-cache",
        "content-encoding": "aws-chunked,gzip",
    }
    headers |= {"expires": "0", "x-amz-website-redirect-location": "/elsewhere"}
    await s3("PutObject", Bucket="bkt", Key="key", body=TEXT, headers=headers, Metadata={"Who": "me"})
    return s3


async def test_an_object_reads_back_as_it_was_put(stored: Driver) -> None:
    got = await stored.output("GetObject", Bucket="bkt", Key="key")
    assert got.status == 200
    assert got.members["Body"] == TEXT
    assert got.members["ContentLength"] == 10
    assert got.members["ETag"] == f'"{MD5}"'
    assert got.members["Metadata"] == {"who": "me"}
    assert got.members["LastModified"] == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert got.members["AcceptRanges"] == "bytes"
    assert got.headers == {
        "content-type": "text/plain",
        "cache-control": "no-cache",
        "content-encoding": "gzip",
        "expires": "0",
        "x-amz-website-redirect-location": "/elsewhere",
    }
    head = await stored.output("HeadObject", Bucket="bkt", Key="key")
    assert head.headers == got.headers
    assert head.members == {name: value for name, value in got.members.items() if name != "Body"}


async def test_an_object_without_a_type_is_octets(s3: Driver) -> None:
    await s3("PutObject", Bucket="bkt", Key="e")
    got = await s3.output("GetObject", Bucket="bkt", Key="e")
    assert got.headers == {"content-type": "binary/octet-stream"}
    assert (got.members["Body"], got.members["ContentLength"]) == (b"", 0)


async def test_an_object_put_again_is_in_the_others_place(stored: Driver) -> None:
    await stored("PutObject", Bucket="bkt", Key="key", body=b"new")
    assert stored.kept() == [b"new"]


async def test_a_put_is_refused_before_anything_is_kept(stored: Driver) -> None:
    refused = [
        ({"Bucket": "none", "Key": "a"}, "NoSuchBucket"),
        ({"Bucket": "bkt", "Key": "k" * 1025}, "KeyTooLongError"),
        ({"Bucket": "bkt", "Key": "a", "StorageClass": "GLACIER"}, "InvalidStorageClass"),
        ({"Bucket": "bkt", "Key": "a", "ServerSideEncryption": "aws:kms"}, "NotImplemented"),
        ({"Bucket": "bkt", "Key": "a", "SSECustomerAlgorithm": "AES256"}, "NotImplemented"),
        ({"Bucket": "bkt", "Key": "a", "Metadata": {"a": "x" * 2048}}, "MetadataTooLarge"),
        ({"Bucket": "bkt", "Key": "a", "Tagging": "a=1&a=2"}, "InvalidArgument"),
        ({"Bucket": "bkt", "Key": "a", "Tagging": "a=1,b=2"}, "InvalidArgument"),
        ({"Bucket": "bkt", "Key": "a", "IfMatch": "*"}, "NotImplemented"),
        ({"Bucket": "bkt", "Key": "key", "IfMatch": f'"{MD5}"', "IfNoneMatch": "*"}, "NotImplemented"),
        ({"Bucket": "bkt", "Key": "a", "ContentLength": (5 << 30) + 1}, "EntityTooLarge"),
        ({"Bucket": "bkt", "Key": "key", "IfNoneMatch": "*"}, "PreconditionFailed"),
        ({"Bucket": "bkt", "Key": "key", "IfNoneMatch": '"x"'}, "NotImplemented"),
        ({"Bucket": "bkt", "Key": "key", "IfMatch": '"x"'}, "PreconditionFailed"),
        ({"Bucket": "bkt", "Key": "a", "IfMatch": '"x"'}, "NoSuchKey"),
    ]
    for parameters, code in refused:
        assert await stored.code("PutObject", body=b"x", **parameters) == code, parameters
    redirect = {"x-amz-website-redirect-location": "elsewhere"}
    assert (
        await stored.code("PutObject", Bucket="bkt", Key="a", headers=redirect) == "InvalidRedirectLocation"
    )


async def test_conditional_writes_that_hold_are_done(stored: Driver) -> None:
    await stored("PutObject", Bucket="bkt", Key="key", IfMatch=f'"{MD5}"', body=b"x")
    await stored("PutObject", Bucket="bkt", Key="new", IfNoneMatch="*")


@pytest.mark.parametrize(
    ("said", "headers", "member", "value"),
    [
        ({}, {}, "ChecksumCRC64NVME", "Ffmx7kz9nB0="),
        ({"ChecksumAlgorithm": "CRC32"}, {}, "ChecksumCRC32", CRC32),
        ({}, {"x-amz-trailer": "x-amz-checksum-crc32"}, "ChecksumCRC32", CRC32),
        (
            {"ChecksumSHA256": "…"},
            {},
            "ChecksumSHA256",
            b64encode(hashlib.sha256(TEXT).digest()).decode(),
        ),
    ],
)
async def test_the_checksum_asked_for_is_computed_and_kept(
    s3: Driver, said: dict[str, str], headers: dict[str, str], member: str, value: str
) -> None:
    put = await s3("PutObject", Bucket="bkt", Key="a", body=TEXT, headers=headers, **said)
    assert (put[member], put["ChecksumType"]) == (value, "FULL_OBJECT")
    assert member not in await s3("GetObject", Bucket="bkt", Key="a")
    got = await s3("GetObject", Bucket="bkt", Key="a", ChecksumMode="ENABLED")
    assert (got[member], got["ChecksumType"]) == (value, "FULL_OBJECT")
    part = await s3("GetObject", Bucket="bkt", Key="a", ChecksumMode="ENABLED", Range="bytes=0-1")
    assert member not in part
    listed = (await s3("ListObjectsV2", Bucket="bkt"))["Contents"][0]
    assert (listed["ChecksumAlgorithm"], listed["ChecksumType"]) == ([member[8:]], "FULL_OBJECT")


@pytest.mark.parametrize(
    ("asked", "body", "content_range"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=0-99", TEXT, "bytes 0-9/10"),
    ],
)
async def test_a_range_is_partial_content(
    stored: Driver, asked: str, body: bytes, content_range: str
) -> None:
    got = await stored.output("GetObject", Bucket="bkt", Key="key", Range=asked)
    assert (got.status, got.members["Body"], got.members["ContentRange"]) == (206, body, content_range)


async def test_a_range_behind_the_end_is_refused(stored: Driver) -> None:
    refusal = await stored.refusal("GetObject", Bucket="bkt", Key="key", Range="bytes=10-")
    assert (refusal.code, refusal.status) == ("InvalidRange", 416)
    assert refusal.members == {"RangeRequested": "bytes=10-", "ActualObjectSize": "10"}
    assert refusal.headers == {"content-range": "bytes */10"}


async def test_an_object_put_at_once_has_one_part(stored: Driver) -> None:
    got = await stored.output("GetObject", Bucket="bkt", Key="key", PartNumber=1)
    assert (got.status, got.members["Body"]) == (206, TEXT)
    assert await stored.code("GetObject", Bucket="bkt", Key="key", PartNumber=2) == "InvalidPartNumber"


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({"IfNoneMatch": f'"{MD5}"'}, 304),
        ({"IfModifiedSince": AFTER}, 304),
        ({"IfModifiedSince": BEFORE}, 200),
        ({"IfMatch": f'"{MD5}"', "IfUnmodifiedSince": BEFORE}, 200),
    ],
)
async def test_preconditions_are_heard(stored: Driver, conditions: dict[str, object], status: int) -> None:
    for operation in ("GetObject", "HeadObject"):
        got = await stored.output(operation, Bucket="bkt", Key="key", **conditions)
        assert got.status == status
        assert status == 200 or got.headers["etag"] == f'"{MD5}"'


@pytest.mark.parametrize("conditions", [{"IfMatch": '"x"'}, {"IfUnmodifiedSince": BEFORE}])
async def test_failed_preconditions_are_412(stored: Driver, conditions: dict[str, object]) -> None:
    refusal = await stored.refusal("GetObject", Bucket="bkt", Key="key", **conditions)
    assert (refusal.code, refusal.status) == ("PreconditionFailed", 412)


async def test_the_caller_may_override_headers(stored: Driver) -> None:
    got = await stored.output(
        "GetObject", Bucket="bkt", Key="key", ResponseContentType="text/html", ResponseExpires=BEFORE
    )
    assert got.headers["content-type"] == "text/html"
    assert got.headers["expires"] == "Tue, 14 Nov 2023 00:00:00 GMT"
    assert got.headers["cache-control"] == "no-cache"


async def test_what_is_not_there_is_not_found(stored: Driver) -> None:
    refusal = await stored.refusal("GetObject", Bucket="bkt", Key="no")
    assert (refusal.code, refusal.status, refusal.members) == ("NoSuchKey", 404, {"Key": "no"})
    refusal = await stored.refusal("GetObject", Bucket="bkt", Key="key", VersionId="1")
    assert (refusal.code, refusal.members) == (
        "InvalidArgument",
        {"ArgumentName": "versionId", "ArgumentValue": "1"},
    )
    assert (await stored("GetObject", Bucket="bkt", Key="key", VersionId="null"))["Body"] == TEXT


async def test_attributes_are_those_asked_for(stored: Driver) -> None:
    got = await stored(
        "GetObjectAttributes", Bucket="bkt", Key="key", ObjectAttributes=["ETag", "ObjectSize", "ObjectParts"]
    )
    assert {name: value for name, value in got.items() if name != "LastModified"} == {
        "ETag": MD5,
        "ObjectSize": 10,
    }


async def test_deleting_is_the_same_with_and_without_an_object(stored: Driver) -> None:
    for _ in range(2):
        deleted = await stored.output("DeleteObject", Bucket="bkt", Key="key")
        assert (deleted.status, deleted.members) == (204, {})
    assert stored.kept() == []
    assert len([change for change in stored.worlds.changes if type(change).__name__ == "ObjectsDeleted"]) == 1


async def test_conditional_deletes_are_heard(stored: Driver) -> None:
    assert await stored.code("DeleteObject", Bucket="bkt", Key="key", IfMatch='"x"') == "PreconditionFailed"
    assert await stored.code("DeleteObject", Bucket="bkt", Key="key", VersionId="1") == "InvalidArgument"
    await stored("DeleteObject", Bucket="bkt", Key="key", IfMatch=f'"{MD5}"')


async def test_many_objects_are_deleted_in_one_change(stored: Driver) -> None:
    await stored("PutObject", Bucket="bkt", Key="other")
    asked = [{"Key": "key"}, {"Key": "other"}, {"Key": "never"}, {"Key": "key2", "VersionId": "7"}]
    answer = await stored("DeleteObjects", Bucket="bkt", Delete={"Objects": asked})
    assert answer["Deleted"] == [{"Key": "key"}, {"Key": "other"}, {"Key": "never"}]
    assert answer["Errors"] == [
        {
            "Key": "key2",
            "VersionId": "7",
            "Code": "NoSuchVersion",
            "Message": "The specified version does not exist.",
        }
    ]
    assert stored.worlds.changes[-1].keys == ("key", "other")  # type: ignore[union-attr]
    assert await stored("DeleteObjects", Bucket="bkt", Delete={"Objects": asked[:1], "Quiet": True}) == {}
    too_many = {"Objects": [{"Key": str(n)} for n in range(1001)]}
    assert await stored.code("DeleteObjects", Bucket="bkt", Delete=too_many) == "MalformedXML"


async def test_a_copy_has_the_sources_metadata_but_not_its_redirect(stored: Driver) -> None:
    copied = await stored("CopyObject", Bucket="bkt", Key="copy", CopySource="bkt/key")
    assert copied["CopyObjectResult"]["ETag"] == f'"{MD5}"'
    got = await stored.output("GetObject", Bucket="bkt", Key="copy")
    assert got.members["Body"] == TEXT
    assert got.members["Metadata"] == {"who": "me"}
    assert got.headers["content-type"] == "text/plain"
    assert "x-amz-website-redirect-location" not in got.headers
    await stored("DeleteObject", Bucket="bkt", Key="key")
    assert (await stored("GetObject", Bucket="bkt", Key="copy"))["Body"] == TEXT


async def test_a_copy_may_have_metadata_and_tags_of_its_own(stored: Driver) -> None:
    await stored(
        "PutObjectTagging", Bucket="bkt", Key="key", Tagging={"TagSet": [{"Key": "a", "Value": "1"}]}
    )
    await stored("CopyObject", Bucket="bkt", Key="same", CopySource="/bkt/key")
    assert (await stored("GetObjectTagging", Bucket="bkt", Key="same"))["TagSet"] != []
    await stored(
        "CopyObject",
        Bucket="bkt",
        Key="other",
        CopySource="bkt%2Fkey?versionId=null",
        MetadataDirective="REPLACE",
        TaggingDirective="REPLACE",
        Metadata={"new": "1"},
        headers={"content-type": "text/html"},
    )
    got = await stored.output("HeadObject", Bucket="bkt", Key="other")
    assert (got.members["Metadata"], got.headers) == ({"new": "1"}, {"content-type": "text/html"})
    assert (await stored("GetObjectTagging", Bucket="bkt", Key="other"))["TagSet"] == []


async def test_an_object_is_copied_to_itself_only_to_change_it(stored: Driver) -> None:
    assert await stored.code("CopyObject", Bucket="bkt", Key="key", CopySource="bkt/key") == "InvalidRequest"
    await stored("CopyObject", Bucket="bkt", Key="key", CopySource="bkt/key", MetadataDirective="REPLACE")
    assert (await stored("GetObject", Bucket="bkt", Key="key"))["Body"] == TEXT
    assert stored.kept() == [TEXT]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"CopySource": "bkt"}, "InvalidArgument"),
        ({"CopySource": "bkt/%ff"}, "InvalidArgument"),
        ({"CopySource": "arn:aws:s3:us-east-1:123456789012:accesspoint/x/object/y"}, "InvalidArgument"),
        ({"CopySource": "none/key"}, "NoSuchBucket"),
        ({"CopySource": "bkt/none"}, "NoSuchKey"),
        ({"CopySource": "bkt/key?versionId=1"}, "InvalidArgument"),
        ({"CopySource": "bkt/key", "ExpectedSourceBucketOwner": "111111111111"}, "AccessDenied"),
    ],
)
async def test_a_copy_that_cannot_be_is_refused(
    stored: Driver, parameters: dict[str, object], code: str
) -> None:
    assert await stored.code("CopyObject", Bucket="bkt", Key="copy", **parameters) == code


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("If-Match", '"x"'),
        ("If-Unmodified-Since", BEFORE),
        ("If-None-Match", f'"{MD5}"'),
        ("If-Modified-Since", AFTER),
    ],
)
async def test_a_copy_tells_which_precondition_on_its_source_failed(
    stored: Driver, condition: str, value: object
) -> None:
    stored.clock.instant = AFTER.timestamp()
    stated = {f"CopySource{condition.replace('-', '')}": value}
    refusal = await stored.refusal("CopyObject", Bucket="bkt", Key="copy", CopySource="bkt/key", **stated)
    assert (refusal.code, refusal.status) == ("PreconditionFailed", 412)
    assert refusal.members == {"Condition": f"x-amz-copy-source-{condition}"}


async def test_a_copy_passes_over_a_date_that_is_yet_to_come(stored: Driver) -> None:
    await stored(
        "CopyObject", Bucket="bkt", Key="copy", CopySource="bkt/key", CopySourceIfModifiedSince=AFTER
    )


async def test_a_refused_write_tells_the_precondition(stored: Driver) -> None:
    for stated in ({"IfMatch": '"x"'}, {"IfNoneMatch": "*"}):
        refusal = await stored.refusal("PutObject", Bucket="bkt", Key="key", **stated)
        (name,) = stated
        assert refusal.members == {"Condition": name.replace("If", "If-").replace("eM", "e-M")}


async def test_contents_that_are_lost_are_our_fault(stored: Driver) -> None:
    stored.blobs.contents.clear()
    refusal = await stored.refusal("GetObject", Bucket="bkt", Key="key")
    assert (refusal.code, refusal.status) == ("InternalError", 500)
    assert await stored.code("CopyObject", Bucket="bkt", Key="copy", CopySource="bkt/key") == "InternalError"


async def test_a_source_replaced_while_it_is_copied_is_copied_anew(stored: Driver) -> None:
    write = stored.blobs.write

    async def replaced_first(chunks: AsyncIterator[bytes]) -> BlobId:
        stored.blobs.write = write  # type: ignore[method-assign]
        await stored("PutObject", Bucket="bkt", Key="key", body=b"new")
        raise FileNotFoundError

    stored.blobs.write = replaced_first  # type: ignore[method-assign]
    await stored("CopyObject", Bucket="bkt", Key="copy", CopySource="bkt/key")
    assert (await stored("GetObject", Bucket="bkt", Key="copy"))["Body"] == b"new"
