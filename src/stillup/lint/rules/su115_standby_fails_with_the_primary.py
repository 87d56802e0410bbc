"""SU115: both checks watch the same thing."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, secondaries
from stillup.lint.subject import Subject
from stillup.plan.setup import Check


def find(subject: Subject) -> Iterable[Finding]:
    """Found where both sides name one check, or two checks of one address or name."""
    first = {record.check for record in primaries(subject.setup) if record.check}
    second = {record.check for record in secondaries(subject.setup) if record.check}
    watched = {_watched(subject.setup.checks.get(key)) for key in first} - {None}
    if first & second or any(_watched(subject.setup.checks.get(key)) in watched for key in second):
        yield Finding("the standby's check fails with the primary's", "standby.check")


def _watched(check: Check | None) -> str | None:
    if check is None:
        return None
    if check.config is None:
        return check.id
    return check.config.ip_address or check.config.fqdn


RULE = Rule(
    id="SU115",
    title="Standby that fails with the primary",
    severity=Severity.ERROR,
    reason="When both sides are unhealthy Route 53 answers with the primary: the standby is never used.",
    source="semantics 2.1, 8.e",
    remedy="Leave the standby's check out, or let it watch the standby.",
    find=find,
    fails=Example(
        plan(
            primary="name: origin.example.net",
            standby="name: spare.example.net, check: {path: /health, host: origin.example.net}",
        )
    ),
    passes=Example(
        plan(primary="name: origin.example.net", standby="name: spare.example.net, check: {path: /health}")
    ),
)
