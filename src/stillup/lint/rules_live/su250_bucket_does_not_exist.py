"""SU250: a record leads to a bucket that does not exist, which anybody may make."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import BucketFacts, Live
from stillup.lint.rules_live.judging import is_in_use
from stillup.lint.rules_live.worked import NAME, NOW, TYPED_BUCKET
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the bucket is missing and visitors may be sent there, or where the plan takes it for existing."""
    live = subject.live
    if live is None or live.bucket is None or live.bucket.exists:
        return
    if is_in_use(subject):
        yield Finding(f"bucket {live.bucket.name} does not exist", "standby")


RULE = Rule(
    id="SU250",
    title="Bucket that does not exist",
    severity=Severity.ERROR,
    reason=(
        "Bucket names are everybody's: whoever makes this one serves his pages under your name as soon as the "
        "primary fails."
    ),
    source="AL-7; subdomain takeover (CWE-350)",
    remedy="Make the bucket now, or remove the record that leads to it.",
    find=find,
    fails=Example(TYPED_BUCKET, {}, Live(NOW, bucket=BucketFacts(NAME, exists=False))),
    passes=Example(TYPED_BUCKET, {}, Live(NOW, bucket=BucketFacts(NAME, exists=True))),
    is_live=True,
)
