"""SU003: S3 looks for a bucket with the name that visitors typed."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import secondaries, website
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a standby in a bucket that is not called as the failover is."""
    setup = subject.setup
    endpoints = [website(record) for record in secondaries(setup)]
    pointed = [str(each.bucket) for each in endpoints if each is not None and each.bucket is not None]
    names = [*([setup.bucket.name] if setup.bucket is not None and any(endpoints) else []), *pointed]
    wrong = next((name for name in names if name != setup.name), None)
    if wrong is not None and not setup.name.startswith("\\052."):
        yield Finding(
            f"the standby is in the bucket {wrong}, and S3 looks for one called {setup.name}",
            "standby.bucket",
        )


RULE = Rule(
    id="SU003",
    title="Bucket with another name",
    severity=Severity.ERROR,
    reason=(
        "S3 finds the bucket by the Host header, which is the failover's name: visitors of the standby get "
        "`404 NoSuchBucket`, or somebody else's site."
    ),
    source="AL-7, S3-2; the guide's pitfalls",
    remedy="Call the bucket as the failover: leave `bucket` out. Or put CloudFront before it.",
    find=find,
    fails=Example(plan(standby="folder: maintenance, bucket: example-maintenance"), SITE),
    passes=Example(plan(standby="folder: maintenance, bucket: www.example.com"), SITE),
)
