"""SU254: there is nobody at the standby."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Page
from stillup.lint.rules_live.judging import is_website_standby
from stillup.lint.rules_live.worked import NOW, TYPED_ADDRESS
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the standby does not answer, or with a status that is neither a page nor a plain 503."""
    page = None if subject.live is None else subject.live.standby
    if page is None or is_website_standby(subject):
        return
    if page.status is None:
        yield Finding(f"{page.url}: {page.error or 'no answer'}", "standby")
    elif page.status >= 400 and page.status != 503:
        yield Finding(f"{page.url} answers {page.status}", "standby")


RULE = Rule(
    id="SU254",
    title="Standby that does not answer",
    severity=Severity.ERROR,
    reason="A standby without a check is answered whatever its state: visitors go from one dead server to another.",
    source="RT-7; semantics 8.e",
    remedy="Start the standby, or put another one into the plan.",
    find=find,
    fails=Example(
        TYPED_ADDRESS, {}, Live(NOW, standby=Page("http://198.51.100.7/", error="connection refused"))
    ),
    passes=Example(
        TYPED_ADDRESS, {}, Live(NOW, standby=Page("http://198.51.100.7/", status=503, retry_after="60"))
    ),
    is_live=True,
)
