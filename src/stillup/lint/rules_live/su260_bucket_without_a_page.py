"""SU260: the bucket has no front page."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import BucketFacts, Live
from stillup.lint.rules_live.judging import is_in_use
from stillup.lint.rules_live.worked import NAME, NOW, TYPED_BUCKET
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the bucket is no website, or its index is not there, and visitors may be sent to it."""
    live = subject.live
    if live is None or live.bucket is None or live.bucket.has_index is not False or not is_in_use(subject):
        return
    if live.bucket.exists and live.bucket.is_ours:
        yield Finding(f"bucket {live.bucket.name} {_lacks(live)}", "standby")


def _lacks(live: Live) -> str:
    website = None if live.setup is None or live.setup.bucket is None else live.setup.bucket.website
    if website is None or website.index is None:
        return "has no website configuration"
    return f"has no {website.index}, its index page"


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
