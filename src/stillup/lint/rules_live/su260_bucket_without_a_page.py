"""SU260: the bucket that the plan only points at has no front page."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import BucketFacts, Live
from stillup.lint.rules_live.judging import is_account_itself
from stillup.lint.rules_live.worked import NAME, NOW, TYPED_BUCKET
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a bucket that somebody else publishes, where its index is not there."""
    facts, bucket = None if subject.live is None else subject.live.bucket, subject.setup.bucket
    if facts is None or bucket is None or bucket.is_published or is_account_itself(subject):
        return
    if facts.exists and facts.is_ours and facts.has_index is False:
        yield Finding(f"bucket {bucket.name} has no website with an index page", "standby.bucket")


RULE = Rule(
    id="SU260",
    title="Bucket without a front page",
    severity=Severity.ERROR,
    reason="The standby answers every visitor with 404.",
    source="S3-1 to S3-3",
    remedy="Upload the page, and configure the website's index document; or let the plan publish a folder.",
    find=find,
    fails=Example(TYPED_BUCKET, {}, Live(NOW, bucket=BucketFacts(NAME, exists=True, has_index=False))),
    passes=Example(TYPED_BUCKET, {}, Live(NOW, bucket=BucketFacts(NAME, exists=True, has_index=True))),
    is_live=True,
)
