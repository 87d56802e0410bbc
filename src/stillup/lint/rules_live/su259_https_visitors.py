"""SU259: the primary serves HTTPS, and the standby cannot."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Page
from stillup.lint.rules_live.judging import is_primary_https, is_website_standby
from stillup.lint.rules_live.worked import GUIDE, NOW, SITE, TYPED_ADDRESS
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the primary answers at HTTPS without HSTS, whatever its check speaks; an S3 website stands by."""
    page = None if subject.live is None else subject.live.https
    if page is None or page.status is None or page.hsts:
        return
    if is_website_standby(subject) and not is_primary_https(subject):
        yield Finding(f"{page.url} answers, and an S3 website speaks no HTTPS", "standby")


_PAGE = Page("https://www.example.com/", status=200)

RULE = Rule(
    id="SU259",
    title="HTTPS visitors without a standby",
    severity=Severity.WARNING,
    reason="After the switch whoever asks by HTTPS gets no page, but a connection that fails.",
    source="semantics 8.g; the guide's next steps",
    remedy="Put CloudFront with a certificate before the bucket, and let the standby be an alias to it.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, https=_PAGE)),
    passes=Example(TYPED_ADDRESS, {}, Live(NOW, https=_PAGE)),
    is_live=True,
)
