"""SU258: browsers have been told to use HTTPS only, and the standby has none."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Page
from stillup.lint.rules_live.judging import is_primary_https, is_website_standby
from stillup.lint.rules_live.worked import GUIDE, NOW, SITE, TYPED_ADDRESS
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the primary sends Strict-Transport-Security and the standby is an S3 website."""
    page = None if subject.live is None else subject.live.https
    if page is None or not page.hsts or not is_website_standby(subject) or is_primary_https(subject):
        return
    yield Finding(
        f"{page.url} sends Strict-Transport-Security: {page.hsts}, and an S3 website speaks no HTTPS",
        "standby",
    )


_PAGE = Page("https://www.example.com/", status=200, hsts="max-age=31536000")

RULE = Rule(
    id="SU258",
    title="HSTS without HTTPS at the standby",
    severity=Severity.ERROR,
    reason="Whoever has visited the primary once never tries plain HTTP again: after the switch he gets no page at all.",
    source="RFC 6797 §8.3; semantics 8.g",
    remedy="Put CloudFront with a certificate before the bucket, and let the standby be an alias to it.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, https=_PAGE)),
    passes=Example(TYPED_ADDRESS, {}, Live(NOW, https=_PAGE)),
    is_live=True,
)
