"""SU156: the body is compressed, so a checker cannot find the string."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Page
from stillup.lint.rules_live.judging import primary_check
from stillup.lint.rules_live.worked import NOW, SITE, TYPED_STRING
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where a string is wanted, and the answer to a request without Accept-Encoding is coded all the same."""
    check = primary_check(subject)
    probe = None if subject.live is None else subject.live.probe
    if check is None or check.search_string is None or probe is None or not probe.content_encoding:
        return
    if probe.content_encoding.strip().lower() != "identity":
        yield Finding(
            f"{probe.url} is sent with Content-Encoding {probe.content_encoding}, though nobody asked for it",
            "primary.check.string",
        )


def _coded(coding: str | None) -> Live:
    page = Page("http://www.example.com/health", status=200, content_encoding=coding, body=b"all is well")
    return Live(NOW, probe=page)


RULE = Rule(
    id="SU156",
    title="String in a compressed body",
    severity=Severity.ERROR,
    reason="The string is looked for among the bytes as they arrive: a compressed body does not contain it.",
    source="HC-13; RFC 9110 §12.5.3",
    remedy="Do not compress the page that is checked unless the request accepts it.",
    find=find,
    fails=Example(TYPED_STRING, SITE, _coded("gzip")),
    passes=Example(TYPED_STRING, SITE, _coded(None)),
    is_live=True,
)
