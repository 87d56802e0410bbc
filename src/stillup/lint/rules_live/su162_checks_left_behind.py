"""SU162: checks that no record names any more."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import CHECK_ID
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import LeftCheck, Live
from stillup.lint.rules_live.worked import ADDRESS, GUIDE, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every check that was the failover's, or probes its primary, and that nothing names."""
    if subject.live is None:
        return
    for check in subject.live.left_checks or ():
        called = f" ({check.name})" if check.name else ""
        yield Finding(f"health check {check.id}{called} probes {check.target}, and no record names it", None)


RULE = Rule(
    id="SU162",
    title="Check left behind",
    severity=Severity.NOTE,
    reason="It is paid for, and probes an address that may belong to somebody else by now.",
    source="semantics 8.k, DG:best-practices-healthcheck-monitoring-endpoints",
    remedy="Delete it with `aws route53 delete-health-check`, if nobody needs it.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, left_checks=(LeftCheck(CHECK_ID, None, ADDRESS),))),
    passes=Example(GUIDE, SITE, Live(NOW, left_checks=())),
    is_live=True,
)
