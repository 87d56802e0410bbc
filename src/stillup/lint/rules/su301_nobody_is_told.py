"""SU301: a failover that nobody hears of."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primary_check
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a plan without `alert`, and for a set-up without any alarm on the primary's check."""
    is_left_out = subject.typed is not None and subject.typed.alert is None
    if is_left_out or (primary_check(subject.setup) is not None and not subject.setup.alarms):
        yield Finding("nobody is told when the primary fails")


RULE = Rule(
    id="SU301",
    title="Nobody is told",
    severity=Severity.WARNING,
    reason="The standby hides the failure so well that it is noticed late; the primary stays down for days.",
    source="the guide's step 4",
    remedy="Add `alert: {emails: [oncall@example.com]}`.",
    find=find,
    fails=Example(plan(alert=None), SITE),
    passes=Example(plan(), SITE),
)
