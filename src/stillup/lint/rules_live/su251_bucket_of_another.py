"""SU251: the bucket that visitors are sent to belongs to somebody else."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import BucketFacts, Live
from stillup.lint.rules_live.worked import GUIDE, NAME, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the bucket exists in another account."""
    facts = None if subject.live is None else subject.live.bucket
    if facts is not None and facts.exists and not facts.is_ours:
        yield Finding(f"bucket {facts.name} exists, and is not this account's", "standby")


RULE = Rule(
    id="SU251",
    title="Somebody else's bucket",
    severity=Severity.ERROR,
    reason=(
        "Bucket names are everybody's, and the website's bucket must have the failover's name: its owner decides "
        "what visitors see when the primary fails."
    ),
    source="AL-7, S3 User Guide, virtual hosting",
    remedy="Use the account that holds the bucket, or another standby: an address, or CloudFront.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, bucket=BucketFacts(NAME, exists=True, is_ours=False))),
    passes=Example(GUIDE, SITE, Live(NOW, bucket=BucketFacts(NAME, exists=True))),
    is_live=True,
)
