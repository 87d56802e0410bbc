"""SU216: the standby's bucket sends visitors back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from stillup.lint.examples import held
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, target_names
from stillup.lint.subject import Subject
from stillup.plan.setup import Bucket, Website


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a website that redirects all requests to the failover's name or the primary's."""
    bucket = subject.setup.bucket
    target = None if bucket is None or bucket.website is None else bucket.website.redirect_all_to
    if target is None:
        return
    host = urlsplit(target if "://" in target else f"//{target}").hostname
    names = {subject.setup.name} | {
        name for record in primaries(subject.setup) for name in (*target_names(record), *record.values)
    }
    if host in names:
        yield Finding(f"the website redirects all visitors to {target}", "standby")


_BUCKET = Bucket("www.example.com", "us-east-1", website=Website(redirect_all_to="https://www.example.com"))

RULE = Rule(
    id="SU216",
    title="Bucket that redirects to the primary",
    severity=Severity.ERROR,
    reason="The name leads to the standby while the primary is ill, so visitors turn in a circle or end at a dead port.",
    source="S3-6, RFC 9110 §15.4",
    remedy="Serve a page from the bucket, without a redirect.",
    find=find,
    fails=Example("", setup=replace(held(), bucket=_BUCKET)),
    passes=Example(
        "",
        setup=replace(held(), bucket=replace(_BUCKET, website=Website(redirect_all_to="status.example.net"))),
    ),
)
