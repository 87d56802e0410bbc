"""SU117: an error counts as healthy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import ENGINE, SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import checks
from stillup.lint.subject import Subject
from stillup.rules.health.refinements import Refinements, parse_refinements

FIRST_ERROR: Final = 400
"""RFC 9110 §15.5."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a `stillup:expect` that lets statuses from 400 on pass."""
    for path, check in checks(subject.setup):
        tags = {key: value for key, value in check.tags.items() if key == "stillup:expect"}
        refined = parse_refinements(tags)
        if not isinstance(refined, Refinements):
            yield Finding(f"{tags['stillup:expect']!r} are no status codes", f"{path}.expect")
        elif any(codes.stop > FIRST_ERROR for codes in refined.expect):
            yield Finding(f"{tags['stillup:expect']} counts as healthy", f"{path}.expect")


RULE = Rule(
    id="SU117",
    title="Errors that count as healthy",
    severity=Severity.ERROR,
    reason="A primary that answers with nothing but errors keeps its visitors.",
    source="HC-1, RFC 9110 §15.5, §15.6; docs/reference/tags.md",
    remedy="Expect `200-299`, or `200-399`; have the health path answer so, without a login.",
    find=find,
    fails=Example(plan(check="path: /health, expect: 200-499", end=ENGINE), SITE),
    passes=Example(plan(check="path: /health, expect: 200-299", end=ENGINE), SITE),
)
