"""SU101: nothing watches the primary."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a PRIMARY that is no alias and names no check; aliases are SU008's."""
    if any(record.alias is None and record.check is None for record in primaries(subject.setup)):
        yield Finding("nothing watches the primary, so nothing ever fails over", "primary")


RULE = Rule(
    id="SU101",
    title="Primary without a check",
    severity=Severity.ERROR,
    reason="A failover is decided by the primary's health check; Route 53 refuses a plain PRIMARY without one.",
    source="RT-2; the guide's notes on step 3",
    remedy="Give the primary a `check`, such as `check: {path: /health}`.",
    find=find,
    fails=Example(plan(check=None), SITE),
    passes=Example(plan(), SITE),
)
