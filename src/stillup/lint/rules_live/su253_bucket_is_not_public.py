"""SU253: visitors may not read the bucket that the plan only points at."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import BucketFacts, Live
from stillup.lint.rules_live.judging import is_account_itself
from stillup.lint.rules_live.worked import NAME, NOW, TYPED_BUCKET
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a bucket that somebody else publishes, unless the account's own block explains it."""
    live, bucket = subject.live, subject.setup.bucket
    if (
        live is None
        or live.bucket is None
        or bucket is None
        or bucket.is_published
        or is_account_itself(subject)
    ):
        return
    block = live.account_block
    if block is not None and (block.block_public_policy or block.restrict_public_buckets):
        return
    if live.bucket.exists and live.bucket.is_readable is False and live.bucket.has_index:
        yield Finding(f"bucket {bucket.name} does not let the public read its pages", "standby.bucket")


RULE = Rule(
    id="SU253",
    title="Bucket that is not public",
    severity=Severity.ERROR,
    reason="A website endpoint serves only what everybody may read: visitors get 403 from the standby.",
    source="S3-7, S3-8; semantics 8.g",
    remedy="Open the bucket's Block Public Access for policies, and allow `*` to s3:GetObject.",
    find=find,
    fails=Example(
        TYPED_BUCKET, {}, Live(NOW, bucket=BucketFacts(NAME, exists=True, is_readable=False, has_index=True))
    ),
    passes=Example(
        TYPED_BUCKET, {}, Live(NOW, bucket=BucketFacts(NAME, exists=True, is_readable=True, has_index=True))
    ),
    is_live=True,
)
