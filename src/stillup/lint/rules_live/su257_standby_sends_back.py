"""SU257: the standby redirects visitors to the primary."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Page
from stillup.lint.rules_live.worked import NOW, TYPED_ADDRESS
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a redirect to the failover's own name, at the protocol that it came from or another."""
    page = None if subject.live is None else subject.live.standby
    if page is None or page.location is None or page.status is None or not 300 <= page.status < 400:
        return
    if urlsplit(page.location).hostname == subject.setup.name:
        yield Finding(f"{page.url} redirects to {page.location}", "standby")


def _leads_to(location: str) -> Live:
    return Live(NOW, standby=Page("http://198.51.100.7/", status=302, location=location))


RULE = Rule(
    id="SU257",
    title="Standby that sends visitors back",
    severity=Severity.ERROR,
    reason="The name leads to the standby while the primary is ill, so visitors turn in a circle or end at a dead port.",
    source="RFC 9110 §15.4",
    remedy="Serve the page at once, without a redirect.",
    find=find,
    fails=Example(TYPED_ADDRESS, {}, _leads_to("https://www.example.com/")),
    passes=Example(TYPED_ADDRESS, {}, _leads_to("http://status.example.net/")),
    is_live=True,
)
