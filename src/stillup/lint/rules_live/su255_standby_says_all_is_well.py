"""SU255: the standby answers 200 for pages that it does not have."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Page
from stillup.lint.rules_live.judging import is_website_standby
from stillup.lint.rules_live.worked import NOW, TYPED_ADDRESS
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a server that answers 2xx, or 503 without saying when to come back; an S3 website cannot do either."""
    page = None if subject.live is None else subject.live.standby
    if page is None or page.status is None or is_website_standby(subject):
        return
    if 200 <= page.status < 300:
        yield Finding(f"{page.url} answers {page.status}", "standby")
    elif page.status == 503 and page.retry_after is None:
        yield Finding(f"{page.url} answers 503 without Retry-After", "standby")


RULE = Rule(
    id="SU255",
    title="Standby that says all is well",
    severity=Severity.NOTE,
    reason=(
        "Search engines index the maintenance page in place of yours, caches keep it, and clients of an API take it "
        "for an answer. A full copy of the site is another matter: then silence this rule."
    ),
    source="RFC 9110 §15.6.4, §10.2.3",
    remedy="Answer 503 with Retry-After.",
    find=find,
    fails=Example(TYPED_ADDRESS, {}, Live(NOW, standby=Page("http://198.51.100.7/", status=200))),
    passes=Example(
        TYPED_ADDRESS, {}, Live(NOW, standby=Page("http://198.51.100.7/", status=503, retry_after="60"))
    ),
    is_live=True,
)
