"""SU009: the name leads to itself."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, secondaries, side, target_names
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a CNAME or an alias to the failover's own name."""
    for record in (*primaries(subject.setup), *secondaries(subject.setup)):
        if subject.setup.name in target_names(record):
            field = "name" if record.alias is None else "alias.name"
            yield Finding(f"{subject.setup.name} leads to itself", f"{side(record)}.{field}")
            return


RULE = Rule(
    id="SU009",
    title="Name that leads to itself",
    severity=Severity.ERROR,
    reason="A resolver that follows it comes back to where it began, and gives up with SERVFAIL.",
    source="RFC 1034 §3.6.2, §5.2.2",
    remedy="Name the server itself, under a name of its own such as `origin.example.com`.",
    find=find,
    fails=Example(
        plan(
            primary="alias: {zone-id: Z0123456789ABCDEFGHIJ, name: www.example.com}",
            check="path: /health, host: origin.example.com",
        ),
        SITE,
    ),
    passes=Example(
        plan(
            primary="alias: {zone-id: Z0123456789ABCDEFGHIJ, name: origin.example.com}",
            check="path: /health, host: origin.example.com",
        ),
        SITE,
    ),
)
