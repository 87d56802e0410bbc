"""S3, where the action is often not called as the operation is (IA-5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, unquote

from stillup.rules.iam.context import tag_keys
from stillup.rules.iam.patterns import Context
from stillup.rules.iam.table.row import (
    Facts,
    Keys,
    Need,
    Resources,
    Row,
    has,
    no_keys,
    single,
    structure,
    structures,
    text,
)
from stillup.rules.ids import BucketName

_ARN: Final = "arn:aws:s3:::"
_HEADERS: Final = frozenset(
    ("x-amz-acl", "x-amz-copy-source", "x-amz-metadata-directive", "x-amz-storage-class")
)
_HEADER_FAMILIES: Final = ("x-amz-grant-", "x-amz-server-side-encryption")


def _bucket(facts: Facts) -> Sequence[str]:
    return (f"{_ARN}{text(facts.parameters, 'Bucket') or ''}",)


def _object(facts: Facts) -> Sequence[str]:
    return (f"{_ARN}{text(facts.parameters, 'Bucket') or ''}/{text(facts.parameters, 'Key') or ''}",)


def _objects(*, versioned: bool) -> Resources:
    """The objects of DeleteObjects that are named with a version, or those without."""

    def resources(facts: Facts) -> Sequence[str]:
        (bucket,) = _bucket(facts)
        named = structures(structure(facts.parameters, "Delete"), "Objects")
        return [f"{bucket}/{each.get('Key', '')}" for each in named if ("VersionId" in each) is versioned]

    return resources


_one_by_one: Final = _objects(versioned=False)
_version_by_version: Final = _objects(versioned=True)


def _source(facts: Facts) -> Sequence[str]:
    """The object that is copied; one that cannot be read is the operation's to refuse."""
    path = (text(facts.parameters, "CopySource") or "").partition("?versionId=")[0]
    return (f"{_ARN}{unquote(path.removeprefix('/'))}",)


def _header_keys(facts: Facts) -> Context:
    """`s3:x-amz-acl` and its like."""
    return {
        f"s3:{name}": (value,)
        for name, value in facts.headers.items()
        if name in _HEADERS or name.startswith(_HEADER_FAMILIES)
    }


def _writing_keys(facts: Facts, resource: str) -> Context:
    """Those of the request's headers, of its tags, and of the tags of an object that is there already."""
    wanted = dict(parse_qsl(text(facts.parameters, "Tagging") or "", keep_blank_values=True))
    wanted |= _tag_set(facts)
    return {
        **_header_keys(facts),
        **tag_keys(wanted, "s3:requestobjecttag"),
        **({"s3:requestobjecttagkeys": tuple(wanted)} if wanted else {}),
        **_existing_tags(facts, resource),
    }


def _tag_set(facts: Facts) -> dict[str, str]:
    tag_set = structures(structure(facts.parameters, "Tagging"), "TagSet")
    return {str(tag.get("Key", "")): str(tag.get("Value", "")) for tag in tag_set}


def _existing_tags(facts: Facts, resource: str) -> Context:
    name, _, key = resource.removeprefix(_ARN).partition("/")
    bucket = facts.world.buckets.get(BucketName(name))
    stored = None if bucket is None else bucket.objects.get(key)
    return {} if stored is None else tag_keys(stored.tags, "s3:existingobjecttag")


def _source_has_tags(facts: Facts) -> bool:
    (source,) = _source(facts)
    return text(facts.parameters, "TaggingDirective") != "REPLACE" and bool(_existing_tags(facts, source))


def _listing_keys(facts: Facts, resource: str) -> Context:
    named = {"s3:prefix": "Prefix", "s3:delimiter": "Delimiter", "s3:max-keys": "MaxKeys"}
    # The console asks for a prefix of nothing, and policies compare with "": a prefix that is given is there.
    return {
        key: (str(facts.parameters[member]),) for key, member in named.items() if member in facts.parameters
    }


def _creation_keys(facts: Facts, resource: str) -> Context:
    constraint = structure(facts.parameters, "CreateBucketConfiguration").get("LocationConstraint")
    stated = {
        "s3:locationconstraint": constraint,
        "s3:x-amz-object-ownership": facts.parameters.get("ObjectOwnership"),
    }
    return {
        **{key: (str(value),) for key, value in stated.items() if value},
        **_header_keys(facts),
    }


def _creates_with_tags(facts: Facts) -> bool:
    return bool(structures(structure(facts.parameters, "CreateBucketConfiguration"), "Tags"))


def _on_buckets(**actions: str) -> Mapping[str, Row]:
    return {operation: single(f"s3:{action}", _bucket) for operation, action in actions.items()}


def _on_objects(keys: Keys = no_keys, **actions: str) -> Mapping[str, Row]:
    return {operation: single(f"s3:{action}", _object, keys) for operation, action in actions.items()}


def _of_version(action: str, keys: Keys = no_keys) -> Row:
    """One action without VersionId, another with it."""
    kind, _, rest = action.partition("Object")
    versioned: Callable[[Facts], bool] = has("VersionId")
    return Row(
        (
            Need(f"s3:{action}", _object, keys, when=lambda facts: not versioned(facts)),
            Need(f"s3:{kind}ObjectVersion{rest}", _object, keys, when=versioned),
        )
    )


_PUTS: Final = (
    Need("s3:PutObject", _object, _writing_keys),
    Need("s3:PutObjectTagging", _object, _writing_keys, when=has("Tagging")),
    Need("s3:PutObjectAcl", _object, _writing_keys, when=has("ACL")),
)
_READS_SOURCE: Final = Need("s3:GetObject", _source, _existing_tags)

S3: Final[Mapping[str, Row]] = {
    "ListBuckets": single("s3:ListAllMyBuckets"),
    "CreateBucket": Row(
        (
            Need("s3:CreateBucket", _bucket, _creation_keys),
            Need("s3:PutBucketAcl", _bucket, _creation_keys, when=has("ACL")),
            Need("s3:PutBucketOwnershipControls", _bucket, when=has("ObjectOwnership")),
            # CreateBucketConfiguration.Tags of the S3 API reference.
            Need("s3:TagResource", _bucket, _creation_keys, when=_creates_with_tags),
        )
    ),
    "ListObjects": single("s3:ListBucket", _bucket, _listing_keys),
    "ListObjectsV2": single("s3:ListBucket", _bucket, _listing_keys),
    "ListObjectVersions": single("s3:ListBucketVersions", _bucket, _listing_keys),
    **_on_buckets(
        DeleteBucket="DeleteBucket",
        HeadBucket="ListBucket",
        ListMultipartUploads="ListBucketMultipartUploads",
        GetBucketLocation="GetBucketLocation",
        GetBucketPolicy="GetBucketPolicy",
        PutBucketPolicy="PutBucketPolicy",
        DeleteBucketPolicy="DeleteBucketPolicy",
        GetBucketPolicyStatus="GetBucketPolicyStatus",
        GetPublicAccessBlock="GetBucketPublicAccessBlock",
        PutPublicAccessBlock="PutBucketPublicAccessBlock",
        DeletePublicAccessBlock="PutBucketPublicAccessBlock",
        GetBucketWebsite="GetBucketWebsite",
        PutBucketWebsite="PutBucketWebsite",
        DeleteBucketWebsite="DeleteBucketWebsite",
        GetBucketTagging="GetBucketTagging",
        PutBucketTagging="PutBucketTagging",
        DeleteBucketTagging="PutBucketTagging",
        GetBucketOwnershipControls="GetBucketOwnershipControls",
        PutBucketOwnershipControls="PutBucketOwnershipControls",
        DeleteBucketOwnershipControls="PutBucketOwnershipControls",
        GetBucketCors="GetBucketCORS",
        PutBucketCors="PutBucketCORS",
        DeleteBucketCors="PutBucketCORS",
        GetBucketEncryption="GetEncryptionConfiguration",
        PutBucketEncryption="PutEncryptionConfiguration",
        DeleteBucketEncryption="PutEncryptionConfiguration",
        GetBucketLifecycle="GetLifecycleConfiguration",
        GetBucketLifecycleConfiguration="GetLifecycleConfiguration",
        PutBucketLifecycle="PutLifecycleConfiguration",
        PutBucketLifecycleConfiguration="PutLifecycleConfiguration",
        DeleteBucketLifecycle="PutLifecycleConfiguration",
        GetBucketReplication="GetReplicationConfiguration",
        PutBucketReplication="PutReplicationConfiguration",
        DeleteBucketReplication="PutReplicationConfiguration",
        GetBucketAbac="GetBucketAbac",
        GetBucketAccelerateConfiguration="GetAccelerateConfiguration",
        PutBucketAccelerateConfiguration="PutAccelerateConfiguration",
        GetBucketAcl="GetBucketAcl",
        PutBucketAcl="PutBucketAcl",
        GetBucketAnalyticsConfiguration="GetAnalyticsConfiguration",
        PutBucketAnalyticsConfiguration="PutAnalyticsConfiguration",
        ListBucketAnalyticsConfigurations="GetAnalyticsConfiguration",
        GetBucketIntelligentTieringConfiguration="GetIntelligentTieringConfiguration",
        PutBucketIntelligentTieringConfiguration="PutIntelligentTieringConfiguration",
        ListBucketIntelligentTieringConfigurations="GetIntelligentTieringConfiguration",
        GetBucketInventoryConfiguration="GetInventoryConfiguration",
        PutBucketInventoryConfiguration="PutInventoryConfiguration",
        ListBucketInventoryConfigurations="GetInventoryConfiguration",
        GetBucketMetricsConfiguration="GetMetricsConfiguration",
        PutBucketMetricsConfiguration="PutMetricsConfiguration",
        ListBucketMetricsConfigurations="GetMetricsConfiguration",
        GetBucketLogging="GetBucketLogging",
        PutBucketLogging="PutBucketLogging",
        GetBucketNotification="GetBucketNotification",
        GetBucketNotificationConfiguration="GetBucketNotification",
        PutBucketNotificationConfiguration="PutBucketNotification",
        GetBucketRequestPayment="GetBucketRequestPayment",
        PutBucketRequestPayment="PutBucketRequestPayment",
        GetBucketVersioning="GetBucketVersioning",
        PutBucketVersioning="PutBucketVersioning",
        GetObjectLockConfiguration="GetBucketObjectLockConfiguration",
        PutObjectLockConfiguration="PutBucketObjectLockConfiguration",
    ),
    "GetObject": _of_version("GetObject", _existing_tags),
    "HeadObject": _of_version("GetObject", _existing_tags),
    "GetObjectAttributes": Row(
        (*_of_version("GetObject", _existing_tags).needs, *_of_version("GetObjectAttributes").needs)
    ),
    "GetObjectAcl": _of_version("GetObjectAcl", _existing_tags),
    "PutObjectAcl": _of_version("PutObjectAcl", _writing_keys),
    "GetObjectTagging": _of_version("GetObjectTagging", _existing_tags),
    "PutObjectTagging": _of_version("PutObjectTagging", _writing_keys),
    "DeleteObjectTagging": _of_version("DeleteObjectTagging", _existing_tags),
    "DeleteObject": _of_version("DeleteObject"),
    "DeleteObjects": Row(
        (
            Need("s3:DeleteObject", _one_by_one, when=lambda facts: bool(_one_by_one(facts))),
            Need(
                "s3:DeleteObjectVersion",
                _version_by_version,
                when=lambda facts: bool(_version_by_version(facts)),
            ),
        ),
        each_alone=True,
    ),
    "PutObject": Row(_PUTS),
    "CreateMultipartUpload": Row(_PUTS),
    "CopyObject": Row(
        (
            _READS_SOURCE,
            Need("s3:GetObjectTagging", _source, _existing_tags, when=_source_has_tags),
            Need("s3:PutObjectTagging", _object, _writing_keys, when=_source_has_tags),
            *_PUTS,
        )
    ),
    "UploadPartCopy": Row((_READS_SOURCE, Need("s3:PutObject", _object, _writing_keys))),
    **_on_objects(
        UploadPart="PutObject",
        CompleteMultipartUpload="PutObject",
        AbortMultipartUpload="AbortMultipartUpload",
        ListParts="ListMultipartUploadParts",
        PutObjectLegalHold="PutObjectLegalHold",
        PutObjectRetention="PutObjectRetention",
    ),
}
