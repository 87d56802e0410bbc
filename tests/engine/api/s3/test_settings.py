"""Website, policy, Block Public Access, tags, and what a bucket has only by default."""

import json

import pytest

from stillup.engine.api.s3.operations import S3_OPERATIONS
from tests.engine.api.s3.driver import MODEL, Driver

PUBLIC = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bkt/*"}
        ],
    }
)
OFF = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": False,
    "RestrictPublicBuckets": False,
}
WEBSITES = [
    {"IndexDocument": {"Suffix": "index.html"}},
    {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}},
    {"RedirectAllRequestsTo": {"HostName": "example.com"}},
    {"RedirectAllRequestsTo": {"HostName": "example.com", "Protocol": "https"}},
    {
        "IndexDocument": {"Suffix": "index.html"},
        "RoutingRules": [
            {
                "Condition": {"KeyPrefixEquals": "docs/", "HttpErrorCodeReturnedEquals": "404"},
                "Redirect": {
                    "HostName": "h",
                    "Protocol": "https",
                    "HttpRedirectCode": "302",
                    "ReplaceKeyWith": "k",
                },
            },
            {"Redirect": {"ReplaceKeyPrefixWith": ""}},
        ],
    },
]


@pytest.mark.parametrize("website", WEBSITES)
async def test_a_website_reads_back_as_it_was_put(s3: Driver, website: dict[str, object]) -> None:
    await s3("PutBucketWebsite", Bucket="bkt", WebsiteConfiguration=website)
    assert await s3("GetBucketWebsite", Bucket="bkt") == website
    assert (await s3.output("DeleteBucketWebsite", Bucket="bkt")).status == 204
    refusal = await s3.refusal("GetBucketWebsite", Bucket="bkt")
    assert (refusal.code, refusal.status) == ("NoSuchWebsiteConfiguration", 404)


async def test_a_website_against_the_rules_is_refused(s3: Driver) -> None:
    wrong = {"IndexDocument": {"Suffix": "a/b"}}
    assert await s3.code("PutBucketWebsite", Bucket="bkt", WebsiteConfiguration=wrong) == "InvalidArgument"


@pytest.mark.parametrize(
    ("website", "code"),
    [
        ({"IndexDocument": {"Suffix": "i"}, "RoutingRules": []}, "MalformedXML"),
        (
            {
                "IndexDocument": {"Suffix": "i"},
                "RoutingRules": [{"Condition": {}, "Redirect": {"HostName": "h"}}],
            },
            "InvalidRequest",
        ),
    ],
)
async def test_an_empty_element_of_a_website_is_not_one_left_out(
    s3: Driver, website: dict[str, object], code: str
) -> None:
    assert await s3.code("PutBucketWebsite", Bucket="bkt", WebsiteConfiguration=website) == code


async def test_a_refused_website_names_the_argument(s3: Driver) -> None:
    refusal = await s3.refusal("PutBucketWebsite", Bucket="bkt", WebsiteConfiguration={})
    assert refusal.members == {"ArgumentName": "IndexDocument", "ArgumentValue": "null"}


async def test_ownership_reads_back_and_goes(s3: Driver) -> None:
    """S3-7 by default; another setting is kept, and its deletion too."""

    def said(ownership: str) -> dict[str, object]:
        return {"OwnershipControls": {"Rules": [{"ObjectOwnership": ownership}]}}

    assert await s3("GetBucketOwnershipControls", Bucket="bkt") == said("BucketOwnerEnforced")
    await s3("PutBucketOwnershipControls", Bucket="bkt", **said("ObjectWriter"))
    assert await s3("GetBucketOwnershipControls", Bucket="bkt") == said("ObjectWriter")
    for _ in range(2):
        assert (await s3.output("DeleteBucketOwnershipControls", Bucket="bkt")).status == 204
    refusal = await s3.refusal("GetBucketOwnershipControls", Bucket="bkt")
    assert (refusal.code, refusal.status) == ("OwnershipControlsNotFoundError", 404)
    none: dict[str, object] = {"OwnershipControls": {"Rules": []}}
    assert await s3.code("PutBucketOwnershipControls", Bucket="bkt", **none) == "MalformedXML"
    await s3("CreateBucket", Bucket="new", ObjectOwnership="BucketOwnerPreferred")
    assert await s3("GetBucketOwnershipControls", Bucket="new") == said("BucketOwnerPreferred")


async def test_a_public_policy_is_refused_until_the_block_is_off(s3: Driver) -> None:
    """S3-8, S3-10; the message says how to go on."""
    refusal = await s3.refusal("PutBucketPolicy", Bucket="bkt", Policy=PUBLIC)
    assert (refusal.code, refusal.status) == ("AccessDenied", 403)
    assert "BlockPublicPolicy=false,RestrictPublicBuckets=false" in refusal.message
    assert "aws s3api put-public-access-block --bucket bkt " in refusal.message
    await s3("PutPublicAccessBlock", Bucket="bkt", PublicAccessBlockConfiguration=OFF)
    assert (await s3.output("PutBucketPolicy", Bucket="bkt", Policy=PUBLIC)).status == 204
    assert await s3("GetBucketPolicy", Bucket="bkt") == {"Policy": PUBLIC}
    assert await s3("GetBucketPolicyStatus", Bucket="bkt") == {"PolicyStatus": {"IsPublic": True}}
    await s3("DeleteBucketPolicy", Bucket="bkt")
    assert await s3.code("GetBucketPolicy", Bucket="bkt") == "NoSuchBucketPolicy"
    assert await s3.code("GetBucketPolicyStatus", Bucket="bkt") == "NoSuchBucketPolicy"


async def test_a_policy_that_is_not_public_needs_no_permission(s3: Driver) -> None:
    private = PUBLIC.replace('"*"', '{"AWS": "123456789012"}')
    await s3("PutBucketPolicy", Bucket="bkt", Policy=private)
    assert await s3("GetBucketPolicyStatus", Bucket="bkt") == {"PolicyStatus": {"IsPublic": False}}


async def test_a_malformed_policy_is_refused(s3: Driver) -> None:
    assert await s3.code("PutBucketPolicy", Bucket="bkt", Policy="{}") == "MalformedPolicy"
    assert await s3.code("PutBucketPolicy", Bucket="none", Policy="{}") == "NoSuchBucket"


async def test_the_public_access_block_reads_back_and_goes(s3: Driver) -> None:
    everything = dict.fromkeys(OFF, True)
    assert await s3("GetPublicAccessBlock", Bucket="bkt") == {"PublicAccessBlockConfiguration": everything}
    await s3("PutPublicAccessBlock", Bucket="bkt", PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    assert (await s3("GetPublicAccessBlock", Bucket="bkt"))["PublicAccessBlockConfiguration"] == {
        **dict.fromkeys(OFF, False),
        "BlockPublicAcls": True,
    }
    await s3("DeletePublicAccessBlock", Bucket="bkt")
    assert await s3.code("GetPublicAccessBlock", Bucket="bkt") == "NoSuchPublicAccessBlockConfiguration"


async def test_bucket_tags_read_back_and_go(s3: Driver) -> None:
    assert await s3.code("GetBucketTagging", Bucket="bkt") == "NoSuchTagSet"
    tags = {"TagSet": [{"Key": "b", "Value": "1"}, {"Key": "a", "Value": ""}]}
    await s3("PutBucketTagging", Bucket="bkt", Tagging=tags)
    assert await s3("GetBucketTagging", Bucket="bkt") == tags
    twice = {"TagSet": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}
    assert await s3.code("PutBucketTagging", Bucket="bkt", Tagging=twice) == "InvalidTag"
    await s3("DeleteBucketTagging", Bucket="bkt")
    assert await s3.code("GetBucketTagging", Bucket="bkt") == "NoSuchTagSet"


async def test_object_tags_read_back_and_go(s3: Driver) -> None:
    await s3("PutObject", Bucket="bkt", Key="a", Tagging="x=1&y=%C3%BC", body=b"contents")
    assert (await s3("GetObjectTagging", Bucket="bkt", Key="a"))["TagSet"] == [
        {"Key": "x", "Value": "1"},
        {"Key": "y", "Value": "ü"},
    ]
    assert (await s3("HeadObject", Bucket="bkt", Key="a"))["TagCount"] == 2
    await s3("PutObjectTagging", Bucket="bkt", Key="a", Tagging={"TagSet": [{"Key": "z", "Value": ""}]})
    assert (await s3("GetObjectTagging", Bucket="bkt", Key="a"))["TagSet"] == [{"Key": "z", "Value": ""}]
    await s3("DeleteObjectTagging", Bucket="bkt", Key="a")
    assert (await s3("GetObjectTagging", Bucket="bkt", Key="a"))["TagSet"] == []
    assert (await s3("GetObject", Bucket="bkt", Key="a"))["Body"] == b"contents"
    assert await s3.code("PutObjectTagging", Bucket="bkt", Key="b", Tagging={"TagSet": []}) == "NoSuchKey"


@pytest.mark.parametrize(
    ("operation", "state"),
    [
        ("GetBucketVersioning", {}),
        ("GetBucketAccelerateConfiguration", {}),
        ("GetBucketRequestPayment", {"Payer": "BucketOwner"}),
        ("GetBucketLogging", {}),
        ("GetBucketNotificationConfiguration", {}),
        (
            "GetBucketOwnershipControls",
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
        ),
    ],
)
async def test_defaults_read_as_on_aws(s3: Driver, operation: str, state: dict[str, object]) -> None:
    assert await s3(operation, Bucket="bkt") == state
    assert await s3.code(operation, Bucket="none") == "NoSuchBucket"


async def test_encryption_reads_as_on_aws(s3: Driver) -> None:
    state = (await s3("GetBucketEncryption", Bucket="bkt"))["ServerSideEncryptionConfiguration"]
    assert state["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    await s3("PutBucketEncryption", Bucket="bkt", ServerSideEncryptionConfiguration=state)
    kms = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
    refusal = await s3.refusal("PutBucketEncryption", Bucket="bkt", ServerSideEncryptionConfiguration=kms)
    assert (refusal.code, refusal.status) == ("NotImplemented", 501)


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration"),
        ("GetBucketReplication", "ReplicationConfigurationNotFoundError"),
        ("GetObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"),
        ("GetBucketCors", "NoSuchCORSConfiguration"),
    ],
)
async def test_what_is_not_configured_reads_as_on_aws(s3: Driver, operation: str, code: str) -> None:
    refusal = await s3.refusal(operation, Bucket="bkt")
    assert (refusal.code, refusal.status) == (code, 404)


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("PutBucketLogging", {"BucketLoggingStatus": {}}),
        ("PutBucketNotificationConfiguration", {"NotificationConfiguration": {}}),
        ("PutBucketRequestPayment", {"RequestPaymentConfiguration": {"Payer": "BucketOwner"}}),
        (
            "PutBucketOwnershipControls",
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
        ),
        ("PutBucketAcl", {"ACL": "private"}),
        ("DeleteBucketCors", {}),
        ("DeleteBucketLifecycle", {}),
    ],
)
async def test_what_holds_already_may_be_written(
    s3: Driver, operation: str, parameters: dict[str, object]
) -> None:
    before = s3.worlds.current
    await s3(operation, Bucket="bkt", **parameters)
    assert s3.worlds.current is before


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        (
            "PutBucketLogging",
            {"BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": "b", "TargetPrefix": ""}}},
        ),
        ("PutBucketRequestPayment", {"RequestPaymentConfiguration": {"Payer": "Requester"}}),
        ("PutBucketVersioning", {"VersioningConfiguration": {"Status": "Enabled"}}),
        ("PutBucketCors", {"CORSConfiguration": {"CORSRules": []}}),
    ],
)
async def test_what_this_engine_does_not_do_is_refused(
    s3: Driver, operation: str, parameters: dict[str, object]
) -> None:
    refusal = await s3.refusal(operation, Bucket="bkt", **parameters)
    assert (refusal.code, refusal.status) == ("NotImplemented", 501)
    assert operation in refusal.message


async def test_acls_tell_the_owner_and_take_nobody_else(s3: Driver) -> None:
    await s3("PutObject", Bucket="bkt", Key="a", ACL="bucket-owner-full-control")
    for acl in (await s3("GetBucketAcl", Bucket="bkt"), await s3("GetObjectAcl", Bucket="bkt", Key="a")):
        assert acl["Grants"][0]["Grantee"]["ID"] == acl["Owner"]["ID"]
        assert acl["Grants"][0]["Permission"] == "FULL_CONTROL"
        await s3("PutBucketAcl", Bucket="bkt", AccessControlPolicy=acl)
        await s3("PutObjectAcl", Bucket="bkt", Key="a", AccessControlPolicy=acl)
    refusal = await s3.refusal("PutObject", Bucket="bkt", Key="a", ACL="public-read")
    assert (refusal.code, refusal.message) == (
        "AccessControlListNotSupported",
        "The bucket does not allow ACLs",
    )
    assert await s3.code("PutBucketAcl", Bucket="bkt", ACL="public-read") == "AccessControlListNotSupported"
    assert (
        await s3.code("PutObjectAcl", Bucket="bkt", Key="a", AccessControlPolicy={"Grants": [{}]})
        == "AccessControlListNotSupported"
    )


def test_every_operation_is_one_of_the_models() -> None:
    assert S3_OPERATIONS.keys() <= set(MODEL.operation_names)
