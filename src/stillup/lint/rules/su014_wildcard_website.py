"""SU014: S3 cannot serve a wildcard."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import is_website_standby
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a wildcard whose standby is an S3 website."""
    if subject.setup.name.startswith("\\052.") and is_website_standby(subject.setup):
        yield Finding("no bucket can be called as the visitors of a wildcard call it", "name")


RULE = Rule(
    id="SU014",
    title="Wildcard before an S3 website",
    severity=Severity.ERROR,
    reason="S3 looks for a bucket with the very name that the visitor typed, so every visitor gets `NoSuchBucket`.",
    source="AL-7, S3-2",
    remedy="Choose a standby that answers for every name: a server, or CloudFront with a wildcard certificate.",
    find=find,
    fails=Example(plan(name="'*.example.com'", standby="folder: maintenance, bucket: any.example.com"), SITE),
    passes=Example(plan(name="'*.example.com'", standby="address: 198.51.100.20")),
)
