"""SU253: visitors may not read the bucket."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import BucketFacts, Live
from stillup.lint.rules_live.judging import is_in_use
from stillup.lint.rules_live.worked import NAME, NOW, TYPED_BUCKET
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where somebody without credentials may not read the index, unless the account's own block explains it.

    | visitors may be sent there, or somebody else publishes it | the public may read | the account blocks | found |
    |-----------------------------------------------------------|---------------------|--------------------|-------|
    | no: the plan has yet to make it                           | any                 | any                | no    |
    | yes                                                       | yes, or not known   | any                | no    |
    | yes                                                       | no                  | yes                | no    |
    | yes                                                       | no                  | no, or not known   | yes   |
    """
    live = subject.live
    if live is None or live.bucket is None or live.bucket.is_readable is not False or not is_in_use(subject):
        return
    block = live.account_block
    if block is not None and (block.block_public_policy or block.restrict_public_buckets):
        return
    yield Finding(f"the public may not read bucket {live.bucket.name}: {_why(live)}", "standby")


def _why(live: Live) -> str:
    bucket = None if live.setup is None else live.setup.bucket
    if bucket is None:
        return "a request without credentials is refused"
    if bucket.block is not None and bucket.block.restrict_public_buckets:
        return "RestrictPublicBuckets of its Block Public Access is on"
    return "it has no bucket policy" if bucket.policy is None else "its policy does not let everybody read"


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
