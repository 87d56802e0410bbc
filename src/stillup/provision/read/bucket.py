"""The bucket behind a standby: its website, who may read it, what is in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from stillup.plan.setup import Bucket, PublicAccessBlock, StoredObject, Website
from stillup.provision.account import Account
from stillup.provision.at_once import at_once
from stillup.provision.errors import code_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_GONE: Final = frozenset({"404", "NoSuchBucket", "NotFound"})
_FORBIDDEN: Final = frozenset({"403", "AccessDenied", "Forbidden"})


class BucketForbidden(Exception):
    """The bucket exists, and is another account's, or we may not look at it: S3 does not tell which."""


def read_bucket(
    account: Account, name: str, *, owner: str, typed: Mapping[str, StoredObject] | None
) -> Bucket | None:
    """The bucket with this name; None where there is none. `owner` is the account that must own it.

    Objects whose content is as in `typed` come with their headers, which cost a request each; without `typed`, all.
    Raises BucketForbidden and ClientError.
    """
    region = _region(account, name, owner)
    if region is None:
        return None
    s3 = account.s3(region)
    objects = _objects(s3, name)
    heads = [
        key
        for key, each in objects.items()
        if typed is None or (key in typed and typed[key].digest == each.digest)
    ]
    return Bucket(
        name=name,
        region=region,
        block=_maybe(lambda: _block(s3, name), "NoSuchPublicAccessBlockConfiguration"),
        policy=_maybe(lambda: s3.get_bucket_policy(Bucket=name)["Policy"], "NoSuchBucketPolicy"),
        website=_maybe(lambda: _website(s3.get_bucket_website(Bucket=name)), "NoSuchWebsiteConfiguration"),
        objects={**objects, **_with_headers(s3, name, objects, heads)},
        tags=_maybe(lambda: _tags(s3, name), "NoSuchTagSet") or {},
    )


def _region(account: Account, name: str, owner: str) -> str | None:
    try:
        head = account.s3().head_bucket(Bucket=name, ExpectedBucketOwner=owner)
    except ClientError as error:
        if code_of(error) in _GONE:
            return None
        if code_of(error) in _FORBIDDEN:
            raise BucketForbidden(name) from error
        raise
    return head.get("BucketRegion") or head["ResponseMetadata"]["HTTPHeaders"].get(
        "x-amz-bucket-region", "us-east-1"
    )


def _maybe(read: Callable[[], Any], absent: str) -> Any:
    try:
        return read()
    except ClientError as error:
        if code_of(error) == absent:
            return None
        raise


def _block(s3: S3Client, name: str) -> PublicAccessBlock:
    found = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    return PublicAccessBlock(
        block_public_acls=found.get("BlockPublicAcls", False),
        ignore_public_acls=found.get("IgnorePublicAcls", False),
        block_public_policy=found.get("BlockPublicPolicy", False),
        restrict_public_buckets=found.get("RestrictPublicBuckets", False),
    )


def _website(found: Mapping[str, Any]) -> Website:
    redirect = found.get("RedirectAllRequestsTo")
    if redirect is not None:
        https = "https://" if redirect.get("Protocol") == "https" else ""
        return Website(redirect_all_to=f"{https}{redirect['HostName']}")
    return Website(
        index=found.get("IndexDocument", {}).get("Suffix"), error=found.get("ErrorDocument", {}).get("Key")
    )


def _tags(s3: S3Client, name: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]}


def _objects(s3: S3Client, name: str) -> dict[str, StoredObject]:
    return {
        each["Key"]: StoredObject(each["Key"], each["ETag"].strip('"'), each["Size"])
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name)
        for each in page.get("Contents", [])
    }


def _with_headers(
    s3: S3Client, name: str, objects: Mapping[str, StoredObject], keys: Collection[str]
) -> dict[str, StoredObject]:
    def headed(key: str) -> StoredObject:
        head = s3.head_object(Bucket=name, Key=key)
        return replace(
            objects[key], content_type=head.get("ContentType"), cache_control=head.get("CacheControl")
        )

    return dict(zip(keys, at_once(headed, keys), strict=True))
