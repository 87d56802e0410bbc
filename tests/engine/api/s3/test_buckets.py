import pytest

from stillup.rules.buckets.bucket import PublicAccessBlock
from stillup.rules.ids import BucketName
from tests.engine.api.s3.driver import Driver


async def test_a_new_bucket_blocks_public_access(s3: Driver) -> None:
    bucket = s3.worlds.current.buckets[BucketName("bkt")]
    assert bucket.public_access_block == PublicAccessBlock()
    assert bucket.region == "us-east-1"


async def test_a_new_bucket_says_where_it_is() -> None:
    s3 = Driver()
    assert (await s3("CreateBucket", Bucket="bkt"))["Location"] == "/bkt"
    created = await s3(
        "CreateBucket", Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
    )
    assert created["Location"] == "http://far.s3.amazonaws.com/"
    assert await s3("GetBucketLocation", Bucket="bkt") == {}
    assert await s3("GetBucketLocation", Bucket="far") == {"LocationConstraint": "eu-west-3"}
    assert (await s3("HeadBucket", Bucket="far"))["BucketRegion"] == "eu-west-3"


@pytest.mark.parametrize(
    ("endpoint", "constraint", "answer"),
    [
        ("us-east-1", None, "us-east-1"),
        ("us-east-1", "us-east-1", "InvalidLocationConstraint"),
        ("us-east-1", "eu-west-3", "eu-west-3"),
        ("us-east-1", "EU", "eu-west-1"),
        ("eu-west-3", "eu-west-3", "eu-west-3"),
        ("eu-west-3", None, "IllegalLocationConstraintException"),
        ("eu-west-3", "eu-west-2", "IllegalLocationConstraintException"),
    ],
)
async def test_endpoint_and_constraint_choose_the_region(
    endpoint: str, constraint: str | None, answer: str
) -> None:
    s3 = Driver(region=endpoint)
    parameters = {"Bucket": "bkt"} | (
        {} if constraint is None else {"CreateBucketConfiguration": {"LocationConstraint": constraint}}
    )
    if answer.endswith(("Constraint", "Exception")):
        assert await s3.code("CreateBucket", **parameters) == answer
    else:
        await s3("CreateBucket", **parameters)
        assert (await s3("HeadBucket", Bucket="bkt"))["BucketRegion"] == answer


async def test_creating_a_bucket_again_is_nothing_in_us_east_1_only(s3: Driver) -> None:
    await s3("PutObject", Bucket="bkt", Key="a", body=b"kept")
    await s3("CreateBucket", Bucket="bkt")
    assert (await s3("GetObject", Bucket="bkt", Key="a"))["Body"] == b"kept"
    far = {"Bucket": "far", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-3"}}
    await s3("CreateBucket", **far)
    refusal = await s3.refusal("CreateBucket", **far)
    assert (refusal.code, refusal.status) == ("BucketAlreadyOwnedByYou", 409)
    assert refusal.members == {"BucketName": "far"}


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"Bucket": "No"}, "InvalidBucketName"),
        ({"Bucket": "new", "ACL": "public-read"}, "InvalidBucketAclWithObjectOwnership"),
        ({"Bucket": "new", "GrantRead": "id=1"}, "AccessControlListNotSupported"),
        ({"Bucket": "new", "ObjectLockEnabledForBucket": True}, "NotImplemented"),
        ({"Bucket": "new", "CreateBucketConfiguration": {"Bucket": {"Type": "Directory"}}}, "NotImplemented"),
    ],
)
async def test_a_bucket_that_cannot_be_is_refused(
    s3: Driver, parameters: dict[str, object], code: str
) -> None:
    assert await s3.code("CreateBucket", **parameters) == code


async def test_only_an_empty_bucket_is_deleted(s3: Driver) -> None:
    await s3("PutObject", Bucket="bkt", Key="a")
    assert await s3.code("DeleteBucket", Bucket="bkt") == "BucketNotEmpty"
    await s3("DeleteObject", Bucket="bkt", Key="a")
    upload = (await s3("CreateMultipartUpload", Bucket="bkt", Key="b"))["UploadId"]
    await s3("UploadPart", Bucket="bkt", Key="b", UploadId=upload, PartNumber=1, body=b"x")
    assert (await s3.output("DeleteBucket", Bucket="bkt")).status == 204
    assert s3.worlds.current.buckets == {}
    assert await s3.code("DeleteBucket", Bucket="bkt") == "NoSuchBucket"


async def test_buckets_are_listed_in_pages() -> None:
    s3 = Driver()
    for name in ("ccc", "aaa", "bbb", "abc"):
        await s3("CreateBucket", Bucket=name)
    names, token = [], {}
    while True:
        page = await s3("ListBuckets", MaxBuckets=1, **token)
        names += [bucket["Name"] for bucket in page["Buckets"]]
        if "ContinuationToken" not in page:
            break
        token = {"ContinuationToken": page["ContinuationToken"]}
    assert names == ["aaa", "abc", "bbb", "ccc"]
    assert [b["Name"] for b in (await s3("ListBuckets", Prefix="a"))["Buckets"]] == ["aaa", "abc"]
    assert (await s3("ListBuckets", BucketRegion="eu-west-3"))["Buckets"] == []
    assert await s3.code("ListBuckets", MaxBuckets=0) == "InvalidArgument"
    assert await s3.code("ListBuckets", ContinuationToken="ü") == "InvalidArgument"


async def test_another_owner_than_expected_is_refused(s3: Driver) -> None:
    await s3("HeadBucket", Bucket="bkt", ExpectedBucketOwner="123456789012")
    assert await s3.code("HeadBucket", Bucket="bkt", ExpectedBucketOwner="111111111111") == "AccessDenied"
