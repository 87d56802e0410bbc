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
from stillup.rules.buckets.access import ANYBODY
from stillup.rules.buckets.policy import parse_policy
from stillup.rules.iam.context import principal_keys
from stillup.rules.iam.evaluate import Request, evaluate
from stillup.rules.ids import BucketName
from stillup.rules.refusal import Refusal


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


def _is_readable(question: Question, bucket: Bucket, key: str) -> bool:
    """On AWS a request without credentials tells. Elsewhere what the settings say: engines and emulators may let
    everybody in who reaches them, or nobody."""
    if question.is_engine:
        return _is_allowed(bucket, key)
    stranger = question.account.session.client(
        "s3", region_name=bucket.region, config=HASTY.merge(Config(signature_version=UNSIGNED))
    )
    try:
        stranger.head_object(Bucket=bucket.name, Key=key)
    except ClientError as error:
        if code_of(error) in ("403", "AccessDenied", "Forbidden"):
            return False
        raise
    return True


def _is_allowed(bucket: Bucket, key: str) -> bool:
    if bucket.policy is None or (bucket.block is not None and bucket.block.restrict_public_buckets):
        return False
    policy = parse_policy(bucket.policy, BucketName(bucket.name))
    request = Request(ANYBODY, "s3:GetObject", f"arn:aws:s3:::{bucket.name}/{key}", principal_keys(ANYBODY))
    return not isinstance(policy, Refusal) and evaluate(request, (), policy).is_allowed
