"""SU317: an alert that nothing sets off."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primary_check
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an `alert` beside a primary without a check: there is no metric for an alarm."""
    if subject.typed is not None and subject.typed.alert is not None and primary_check(subject.setup) is None:
        yield Finding("no check, no metric, no alarm: nobody is told", "alert")


RULE = Rule(
    id="SU317",
    title="Alert that nothing sets off",
    severity=Severity.WARNING,
    reason="The target's health of an alias decides about the answer, and publishes nothing that an alarm could watch.",
    source="table 1.12, AL-5",
    remedy="Give the primary a `check` as well.",
    find=find,
    fails=Example(
        plan(primary="alias: {zone-id: Z35SXDOTRQ7X7K, name: web-1.us-east-1.elb.amazonaws.com}", check=None),
        SITE,
    ),
    passes=Example(
        plan(
            primary="alias: {zone-id: Z35SXDOTRQ7X7K, name: web-1.us-east-1.elb.amazonaws.com}",
            check="path: /health, host: lb.example.com",
        ),
        SITE,
    ),
)
