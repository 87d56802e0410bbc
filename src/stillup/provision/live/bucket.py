"""The bucket behind the standby: whether it is there, whose it is, and whether the public may read it."""

from __future__ import annotations

from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from stillup.lint.live import BucketFacts
from stillup.plan.describe import website_bucket
from stillup.plan.setup import Bucket
from stillup.provision.account import HASTY
from stillup.provision.errors import code_of
from stillup.provision.live.question import NotAsked, Question


def read_bucket_facts(question: Question) -> BucketFacts:
    """What there is under the bucket's name. Raises NotAsked and ClientError."""
    name = _name(question)
    if name is None:
        raise NotAsked
    held = question.actual.bucket if question.actual is not None else None
    account = question.account
    try:
        owner = account.sts.get_caller_identity()["Account"]
        account.s3().head_bucket(Bucket=name, ExpectedBucketOwner=owner)
    except ClientError as error:
        if code_of(error) in ("404", "NoSuchBucket"):
            return BucketFacts(name, exists=False)
        if code_of(error) in ("403", "AccessDenied", "Forbidden"):
            return BucketFacts(name, exists=True, is_ours=False)
        raise
    if held is None or held.name != name:
        return BucketFacts(name, exists=True)
    return _with_pages(question, held)


def _name(question: Question) -> str | None:
    if question.setup.bucket is not None:
        return question.setup.bucket.name
    return next(filter(None, map(website_bucket, question.records("SECONDARY"))), None)


def _with_pages(question: Question, bucket: Bucket) -> BucketFacts:
    website = bucket.website
    if website is not None and website.redirect_all_to is not None:
        return BucketFacts(bucket.name, exists=True, region=bucket.region, has_index=True)
    index = None if website is None else website.index
    if index is None or index not in bucket.objects:
        return BucketFacts(bucket.name, exists=True, region=bucket.region, has_index=False)
    return BucketFacts(
        bucket.name,
        exists=True,
        region=bucket.region,
        has_index=True,
        is_readable=_is_readable(question, bucket, index),
    )


def _is_readable(question: Question, bucket: Bucket, key: str) -> bool | None:
    """Asked without credentials, as a visitor; None where others than AWS refuse what the bucket's settings allow."""
    account = question.account
    stranger = account.session.client(
        "s3",
        region_name=bucket.region,
        endpoint_url=account.endpoint_url,
        config=HASTY.merge(Config(signature_version=UNSIGNED, s3={"addressing_style": "path"})),
    )
    try:
        stranger.head_object(Bucket=bucket.name, Key=key)
    except ClientError as error:
        if code_of(error) in ("403", "AccessDenied", "Forbidden"):
            is_open = bucket.policy is not None and not (bucket.block and bucket.block.restrict_public_buckets)
            return None if is_open and question.is_engine else False
        raise
    return True
