"""Buckets and what is configured on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from stillup.plan.setup import Bucket, Website
from stillup.plan.step import Action, Kind, Step
from stillup.provision.carry_out.site import Site
from stillup.provision.errors import ProvisionFailed, code_of
from stillup.provision.waiting import patiently

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

JUST_MADE: Final = ("NoSuchBucket", "OperationAborted")
"""What S3 says of a bucket that was made a moment ago, or that is being deleted."""
_HOME: Final = "us-east-1"
"""The Region that CreateBucket must not be told."""
_AWS_PREFIX: Final = "aws:"


def carry_bucket(site: Site, step: Step) -> None:
    """Make, tag or delete the bucket. Raises ClientError and ProvisionFailed."""
    if step.action is Action.DELETE:
        _delete(site, _bucket(step.before))
    elif step.action is Action.CREATE:
        _create(site, _bucket(step.after))
    else:
        bucket = _bucket(step.after)
        _tag(site.account.s3(bucket.region), bucket.name, bucket.tags)


def carry_setting(site: Site, step: Step) -> None:
    """Configure one thing on the bucket. Raises ClientError."""
    bucket = _bucket(step.after)
    s3 = site.account.s3(bucket.region)
    match step.kind:
        case Kind.PUBLIC_ACCESS_BLOCK:
            patiently(lambda: _put_block(s3, bucket), codes=JUST_MADE)
        case Kind.BUCKET_POLICY:
            # A block that was opened a moment ago still refuses the policy, as a permission that lacks would.
            patiently(lambda: _put_policy(s3, bucket), codes=(*JUST_MADE, "AccessDenied"))
        case _:
            patiently(lambda: _put_website(s3, bucket), codes=JUST_MADE)


def _create(site: Site, bucket: Bucket) -> None:
    """With its tags at once, so that it is known for ours wherever the run ends."""
    s3 = site.account.s3(bucket.region)
    configuration: dict[str, Any] = {"Tags": _listed(bucket.tags)} if bucket.tags else {}
    if bucket.region != _HOME:
        configuration["LocationConstraint"] = bucket.region
    try:
        patiently(
            lambda: s3.create_bucket(Bucket=bucket.name, CreateBucketConfiguration=configuration),  # type: ignore[arg-type]
            codes=("OperationAborted",),
        )
    except ClientError as error:
        if code_of(error) == "BucketAlreadyExists":
            raise ProvisionFailed(
                f"The bucket {bucket.name} is another account's: bucket names are everybody's.",
                "Publish elsewhere, such as behind CloudFront (`standby.alias`).",
            ) from error
        if code_of(error) != "BucketAlreadyOwnedByYou":
            raise
    if patiently(lambda: _tags(s3, bucket.name), codes=JUST_MADE) != dict(bucket.tags):
        # Somebody else's S3 may not know of tags in CreateBucket.
        _tag(s3, bucket.name, bucket.tags)


def _delete(site: Site, bucket: Bucket) -> None:
    try:
        site.account.s3(bucket.region).delete_bucket(Bucket=bucket.name)
    except ClientError as error:
        if code_of(error) == "BucketNotEmpty":
            raise ProvisionFailed(
                f"The bucket {bucket.name} holds objects, or old versions of some, that this plan did not see.",
                "Nothing points at it any more. Look at what is in it, and run the same command again.",
            ) from error
        if code_of(error) != "NoSuchBucket":
            raise


def _tags(s3: S3Client, name: str) -> dict[str, str]:
    try:
        return {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]}
    except ClientError as error:
        if code_of(error) == "NoSuchTagSet":
            return {}
        raise


def _tag(s3: S3Client, name: str, tags: Mapping[str, str]) -> None:
    """These tags and no others; those of AWS itself stay without being told."""
    own = {key: value for key, value in tags.items() if not key.startswith(_AWS_PREFIX)}
    patiently(
        lambda: s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": _listed(own)}),  # type: ignore[typeddict-item]
        codes=JUST_MADE,
    )


def _put_block(s3: S3Client, bucket: Bucket) -> None:
    block = bucket.block
    if block is None:
        s3.delete_public_access_block(Bucket=bucket.name)
        return
    s3.put_public_access_block(
        Bucket=bucket.name,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": block.block_public_acls,
            "IgnorePublicAcls": block.ignore_public_acls,
            "BlockPublicPolicy": block.block_public_policy,
            "RestrictPublicBuckets": block.restrict_public_buckets,
        },
    )


def _put_policy(s3: S3Client, bucket: Bucket) -> None:
    if bucket.policy is None:
        s3.delete_bucket_policy(Bucket=bucket.name)
    else:
        s3.put_bucket_policy(Bucket=bucket.name, Policy=bucket.policy)


def _put_website(s3: S3Client, bucket: Bucket) -> None:
    if bucket.website is None:
        s3.delete_bucket_website(Bucket=bucket.name)
    else:
        s3.put_bucket_website(Bucket=bucket.name, WebsiteConfiguration=_configuration(bucket.website))  # type: ignore[arg-type]


def _configuration(website: Website) -> dict[str, Any]:
    if website.redirect_all_to is not None:
        is_https = website.redirect_all_to.startswith("https://")
        host = website.redirect_all_to.removeprefix("https://")
        return {"RedirectAllRequestsTo": {"HostName": host} | ({"Protocol": "https"} if is_https else {})}
    error = {} if website.error is None else {"ErrorDocument": {"Key": website.error}}
    return {"IndexDocument": {"Suffix": website.index}, **error}


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _bucket(resource: object) -> Bucket:
    if not isinstance(resource, Bucket):
        raise TypeError(f"not a bucket: {resource!r}")
    return resource
