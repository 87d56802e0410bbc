"""SU214: an index document with a slash."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the website's index suffix has a slash."""
    website = None if subject.setup.bucket is None else subject.setup.bucket.website
    if website is not None and website.index is not None and "/" in website.index:
        yield Finding(f"{website.index} has a slash", "standby.index")


RULE = Rule(
    id="SU214",
    title="Index document with a slash",
    severity=Severity.ERROR,
    reason="The index document is a suffix that S3 puts behind every folder's path; S3 refuses one with a slash.",
    source="S3-3; M:s3/IndexDocument",
    remedy="Give the file's name only, and let `folder` be the one that it lies in.",
    find=find,
    fails=Example(
        plan(standby="folder: ., index: pages/index.html"), {"pages/index.html": "<h1>Back soon</h1>"}
    ),
    passes=Example(plan(standby="folder: pages, index: index.html"), SITE),
)
