"""SU155: the string that the check wants is not where it looks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Page
from stillup.lint.rules_live.judging import primary_check
from stillup.lint.rules_live.worked import NOW, SITE, TYPED_STRING
from stillup.lint.subject import Subject

WITHIN: Final = 5120
"""Bytes of the body that a checker reads (HC-13)."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the body, not coded, lacks the string within its first 5,120 bytes."""
    check = primary_check(subject)
    probe = None if subject.live is None else subject.live.probe
    if check is None or check.search_string is None or probe is None or probe.body is None:
        return
    if probe.content_encoding or probe.status is None or not 200 <= probe.status < 300:
        return
    at = probe.body.find(check.search_string.encode())
    if at < 0:
        yield Finding(f"{probe.url} does not contain {check.search_string!r}", "primary.check.string")
    elif at + len(check.search_string.encode()) > WITHIN:
        yield Finding(
            f"{check.search_string!r} begins at byte {at:,} of {probe.url}; a checker reads {WITHIN:,}",
            "primary.check.string",
        )


def _body(text: bytes) -> Live:
    return Live(NOW, probe=Page("http://www.example.com/health", status=200, body=text))


RULE = Rule(
    id="SU155",
    title="String out of sight",
    severity=Severity.ERROR,
    reason="The string must stand, as a whole, within the first 5,120 bytes of the body, or the check fails for good.",
    source="HC-13, M:route53/HealthCheckConfig.SearchString",
    remedy="Give a page of its own to the check, with the string at its beginning.",
    find=find,
    fails=Example(TYPED_STRING, SITE, _body(b" " * 6000 + b"all is well")),
    passes=Example(TYPED_STRING, SITE, _body(b"all is well")),
    is_live=True,
)
