"""SU402: Route 53 cannot wait before it goes back."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import ENGINE, SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import is_on_engine
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a failback other than auto, where the plan is for AWS."""
    if subject.typed is not None and subject.typed.failback != "auto" and not is_on_engine(subject):
        yield Finding("Route 53 sends visitors back as soon as the check is healthy", "failback")


RULE = Rule(
    id="SU402",
    title="Failback that Route 53 cannot hold",
    severity=Severity.WARNING,
    reason="The primary gets its visitors back half-started, or before somebody has looked at its data, whatever the plan says.",
    source="HC-24; docs/reference/tags.md",
    remedy="Run it on an engine, or leave `failback` out and have the health path fail until the primary is ready.",
    find=find,
    fails=Example(plan(more="failback: held"), SITE),
    passes=Example(plan(more="failback: held", end=ENGINE), SITE),
)
