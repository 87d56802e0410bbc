import errno
import hashlib
import zlib
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from stillup.engine.ports import JournalUnavailable
from stillup.rules.buckets.multipart import MIN_PART
from stillup.rules.ids import BlobId
from tests.engine.api.s3.driver import Driver
from tests.fakes import FakeBlobs

FIRST = b"a" * MIN_PART
LAST = b"the end"
WHOLE = FIRST + LAST
ETAG = hashlib.md5(hashlib.md5(FIRST).digest() + hashlib.md5(LAST).digest()).hexdigest() + "-2"
CRC32 = b64encode(zlib.crc32(WHOLE).to_bytes(4)).decode()
WHERE = {"Bucket": "bkt", "Key": "key"}


class Upload:
    """An upload of two parts."""

    def __init__(self, s3: Driver) -> None:
        self.s3 = s3
        self.where: dict[str, Any] = {}
        self.parts: list[dict[str, Any]] = []

    async def start(self, **parameters: Any) -> "Upload":
        started = await self.s3("CreateMultipartUpload", **WHERE, **parameters)
        self.where = {**WHERE, "UploadId": started["UploadId"]}
        return self

    async def put(self, number: int, body: bytes, **parameters: Any) -> "Upload":
        put = await self.s3("UploadPart", **self.where, PartNumber=number, body=body, **parameters)
        told = {name: value for name, value in put.items() if name.startswith(("ETag", "Checksum"))}
        self.parts.append({"PartNumber": number, **told})
        return self

    def completion(self, **parameters: Any) -> dict[str, Any]:
        return {**self.where, "MultipartUpload": {"Parts": self.parts}, **parameters}


@pytest.fixture
async def upload(s3: Driver) -> Upload:
    started = await Upload(s3).start(
        headers={"content-type": "text/plain"}, Metadata={"who": "me"}, Tagging="a=1"
    )
    await started.put(1, FIRST)
    return await started.put(2, LAST)


async def test_parts_become_one_object(s3: Driver, upload: Upload) -> None:
    done = await s3("CompleteMultipartUpload", **upload.completion())
    assert (done["Bucket"], done["Key"], done["ETag"]) == ("bkt", "key", f'"{ETAG}"')
    assert (done["ChecksumCRC64NVME"], done["ChecksumType"]) == ("/sibae8xldY=", "FULL_OBJECT")
    got = await s3.output("GetObject", **WHERE)
    assert got.members["Body"] == WHOLE
    assert got.members["Metadata"] == {"who": "me"}
    assert got.members["TagCount"] == 1
    assert got.headers == {"content-type": "text/plain"}
    assert s3.kept() == [WHOLE]
    assert await s3.code("CompleteMultipartUpload", **upload.completion()) == "NoSuchUpload"


async def test_an_object_remembers_its_parts(s3: Driver, upload: Upload) -> None:
    await s3("CompleteMultipartUpload", **upload.completion())
    second = await s3.output("GetObject", **WHERE, PartNumber=2)
    assert (second.status, second.members["Body"], second.members["PartsCount"]) == (206, LAST, 2)
    attributes = await s3("GetObjectAttributes", **WHERE, ObjectAttributes=["ObjectParts", "Checksum"])
    assert attributes["ObjectParts"] == {"TotalPartsCount": 2}


async def test_an_object_is_unseen_until_it_is_complete(s3: Driver, upload: Upload) -> None:
    assert await s3.code("GetObject", **WHERE) == "NoSuchKey"


async def test_a_part_may_be_replaced(s3: Driver, upload: Upload) -> None:
    upload.parts.pop()
    await upload.put(2, b"another end")
    await s3("CompleteMultipartUpload", **upload.completion())
    assert (await s3("GetObject", **WHERE))["Body"] == FIRST + b"another end"
    assert len(s3.kept()) == 1


async def test_parts_that_are_not_listed_are_left_out(s3: Driver, upload: Upload) -> None:
    upload.parts.pop()
    await s3("CompleteMultipartUpload", **upload.completion())
    assert (await s3("GetObject", **WHERE))["Body"] == FIRST


async def test_a_completion_against_the_rules_is_refused(s3: Driver, upload: Upload) -> None:
    """The table of `choose_parts`, and what the caller says about the whole."""
    first, last = upload.parts

    async def code(*parts: dict[str, Any], **parameters: Any) -> str:
        listed = {"MultipartUpload": {"Parts": list(parts)}}
        return await s3.code("CompleteMultipartUpload", **upload.where | listed | parameters)

    assert await code() == "MalformedXML"
    assert await code({"PartNumber": 1}) == "MalformedXML"
    assert await code(last, first) == "InvalidPartOrder"
    assert await code(first, first) == "InvalidPartOrder"
    assert await code(first, last | {"ETag": '"x"'}) == "InvalidPart"
    assert await code(first, {**last, "PartNumber": 3}) == "InvalidPart"
    assert await code(first, last, MpuObjectSize=3) == "InvalidRequest"
    assert await code(first, last, ChecksumCRC64NVME="AAAAAAAAAAA=") == "BadDigest"
    assert await code(first, last, UploadId="none") == "NoSuchUpload"
    assert await code(first, last, Key="other") == "NoSuchUpload"
    await s3("PutObject", **WHERE)
    assert await code(first, last, IfNoneMatch="*") == "PreconditionFailed"


async def test_a_refused_completion_tells_the_part(s3: Driver) -> None:
    upload = await Upload(s3).start()
    for number in (1, 2):
        await upload.put(number, b"small")
    refusal = await s3.refusal("CompleteMultipartUpload", **upload.completion())
    etag = hashlib.md5(b"small").hexdigest()
    assert (refusal.code, refusal.members) == (
        "EntityTooSmall",
        {"ProposedSize": "5", "MinSizeAllowed": str(MIN_PART), "PartNumber": "1", "ETag": etag},
    )
    upload.parts[0]["ETag"] = '"x"'
    refusal = await s3.refusal("CompleteMultipartUpload", **upload.completion())
    told = {"UploadId": upload.where["UploadId"], "PartNumber": "1", "ETag": "x"}
    assert (refusal.code, refusal.members) == ("InvalidPart", told)


async def test_a_part_whose_contents_are_gone_is_none(s3: Driver, upload: Upload) -> None:
    s3.blobs.contents.popitem()
    assert await s3.code("CompleteMultipartUpload", **upload.completion()) == "InvalidPart"


async def test_a_full_disk_is_the_worlds_fault_and_changes_nothing(s3: Driver, upload: Upload) -> None:
    class FullDisk(FakeBlobs):
        async def write(self, chunks: AsyncIterator[bytes]) -> BlobId:
            raise OSError(errno.ENOSPC, "No space left on device")

        async def join(self, blobs: Sequence[BlobId]) -> BlobId:
            raise OSError(errno.ENOSPC, "No space left on device")

    await s3("PutObject", Bucket="bkt", Key="source", body=b"x")
    contents, s3.blobs = s3.blobs.contents, FullDisk()
    s3.blobs.contents = contents
    before = s3.worlds.current
    for operation, parameters in (
        ("PutObject", WHERE),
        ("CopyObject", {**WHERE, "CopySource": "bkt/source"}),
        ("UploadPart", {**upload.where, "PartNumber": 3}),
        ("CompleteMultipartUpload", upload.completion()),
    ):
        with pytest.raises(JournalUnavailable):
            await s3(operation, **parameters)
    assert s3.worlds.current is before


async def test_every_part_but_the_last_must_be_large(s3: Driver) -> None:
    upload = await Upload(s3).start()
    await upload.put(1, b"small")
    await upload.put(2, LAST)
    refusal = await s3.refusal("CompleteMultipartUpload", **upload.completion())
    assert (refusal.code, refusal.status) == ("EntityTooSmall", 400)


async def test_a_composite_checksum_is_one_of_checksums(s3: Driver) -> None:
    upload = await Upload(s3).start(ChecksumAlgorithm="SHA256")
    await upload.put(1, FIRST)
    await upload.put(2, LAST)
    digests = hashlib.sha256(hashlib.sha256(FIRST).digest() + hashlib.sha256(LAST).digest()).digest()
    without = [{name: part[name] for name in ("PartNumber", "ETag")} for part in upload.parts]
    assert (
        await s3.code("CompleteMultipartUpload", **upload.completion(MultipartUpload={"Parts": without}))
        == "InvalidRequest"
    )
    done = await s3("CompleteMultipartUpload", **upload.completion())
    assert done["ChecksumType"] == "COMPOSITE"
    assert done["ChecksumSHA256"] == f"{b64encode(digests).decode()}-2"
    attributes = await s3("GetObjectAttributes", **WHERE, ObjectAttributes=["ObjectParts"], MaxParts=1)
    first = upload.parts[0]["ChecksumSHA256"]
    assert attributes["ObjectParts"]["Parts"] == [
        {"PartNumber": 1, "Size": MIN_PART, "ChecksumSHA256": first}
    ]
    assert attributes["ObjectParts"]["IsTruncated"] is True


async def test_a_full_object_checksum_is_one_of_the_whole(s3: Driver) -> None:
    upload = await Upload(s3).start(ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    await upload.put(1, FIRST)
    await upload.put(2, LAST)
    done = await s3("CompleteMultipartUpload", **upload.completion(ChecksumCRC32=CRC32))
    assert done["ChecksumCRC32"] == CRC32


@pytest.mark.parametrize(
    "parameters",
    [
        {"ChecksumAlgorithm": "SHA256", "ChecksumType": "FULL_OBJECT"},
        {"ChecksumAlgorithm": "CRC64NVME", "ChecksumType": "COMPOSITE"},
        {"ChecksumType": "COMPOSITE"},
    ],
)
async def test_a_checksum_type_that_cannot_be_is_refused(s3: Driver, parameters: dict[str, str]) -> None:
    assert await s3.code("CreateMultipartUpload", **WHERE, **parameters) == "InvalidRequest"


async def test_a_part_with_another_checksum_than_the_upload_is_refused(s3: Driver) -> None:
    upload = await Upload(s3).start(ChecksumAlgorithm="SHA256")
    part = {**upload.where, "PartNumber": 1, "ChecksumCRC32": "AAAAAA=="}
    assert await s3.code("UploadPart", **part) == "InvalidRequest"


@pytest.mark.parametrize("number", [0, 10_001])
async def test_part_numbers_have_bounds(s3: Driver, upload: Upload, number: int) -> None:
    assert await s3.code("UploadPart", **upload.where, PartNumber=number) == "InvalidArgument"


async def test_a_part_may_be_copied_from_an_object(s3: Driver) -> None:
    await s3("PutObject", Bucket="bkt", Key="source", body=b"0123456789")
    upload = await Upload(s3).start()
    copy = {**upload.where, "PartNumber": 1, "CopySource": "bkt/source"}
    result = (await s3("UploadPartCopy", **copy, CopySourceRange="bytes=2-4"))["CopyPartResult"]
    assert result["ETag"] == f'"{hashlib.md5(b"234").hexdigest()}"'
    refusal = await s3.refusal("UploadPartCopy", **copy, CopySourceRange="bytes=8-10")
    assert refusal.code == "InvalidArgument"
    assert refusal.members == {"ArgumentName": "x-amz-copy-source-range", "ArgumentValue": "bytes=8-10"}
    upload.parts = [{"PartNumber": 1, "ETag": result["ETag"]}]
    await s3("CompleteMultipartUpload", **upload.completion())
    assert (await s3("GetObject", **WHERE))["Body"] == b"234"


async def test_an_aborted_upload_leaves_nothing(s3: Driver, upload: Upload) -> None:
    assert (await s3.output("AbortMultipartUpload", **upload.where)).status == 204
    assert s3.kept() == []
    assert await s3.code("AbortMultipartUpload", **upload.where) == "NoSuchUpload"
    assert await s3.code("ListParts", **upload.where) == "NoSuchUpload"


async def test_parts_are_listed_in_pages(s3: Driver, upload: Upload) -> None:
    page = await s3("ListParts", **upload.where, MaxParts=1)
    assert (page["IsTruncated"], page["NextPartNumberMarker"]) == (True, 1)
    assert [(part["PartNumber"], part["Size"]) for part in page["Parts"]] == [(1, MIN_PART)]
    rest = await s3("ListParts", **upload.where, PartNumberMarker=1)
    assert [part["ETag"] for part in rest["Parts"]] == [upload.parts[1]["ETag"]]
    assert rest["IsTruncated"] is False


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    ("delimiter", "order", "rolled_up"), [("", [1, 2, 0, 3, 5, 4], []), ("/", [0, 3, 5, 4], ["a/"])]
)
async def test_all_pages_of_uploads_together_are_everything_exactly_once(
    s3: Driver, limit: int, delimiter: str, order: list[int], rolled_up: list[str]
) -> None:
    started = []
    for key in ("b", "a/1", "a/2", "b", "c", "b"):
        s3.clock.instant += 1
        started.append((await s3("CreateMultipartUpload", Bucket="bkt", Key=key))["UploadId"])
    listed: list[str] = []
    prefixes: list[str] = []
    where: dict[str, str] = {}
    while True:
        page = await s3("ListMultipartUploads", Bucket="bkt", MaxUploads=limit, Delimiter=delimiter, **where)
        listed += [upload["UploadId"] for upload in page["Uploads"]]
        prefixes += [entry["Prefix"] for entry in page["CommonPrefixes"]]
        if not page["IsTruncated"]:
            break
        where = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}
    assert listed == [started[number] for number in order]
    assert prefixes == rolled_up


async def test_the_last_page_of_uploads_names_its_last_one_too(s3: Driver) -> None:
    empty = await s3("ListMultipartUploads", Bucket="bkt")
    assert (empty["NextKeyMarker"], empty["NextUploadIdMarker"]) == ("", "")
    upload = await s3("CreateMultipartUpload", Bucket="bkt", Key="k")
    page = await s3("ListMultipartUploads", Bucket="bkt")
    assert (page["NextKeyMarker"], page["NextUploadIdMarker"]) == ("k", upload["UploadId"])


async def test_an_upload_of_another_key_is_no_marker(s3: Driver) -> None:
    upload = await s3("CreateMultipartUpload", Bucket="bkt", Key="k")
    where = {"KeyMarker": "j", "UploadIdMarker": upload["UploadId"]}
    assert await s3.code("ListMultipartUploads", Bucket="bkt", **where) == "InvalidArgument"
