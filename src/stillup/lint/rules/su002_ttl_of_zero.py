"""SU002: answers that nobody may keep."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, secondaries
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a failover record with a TTL of 0."""
    if any(record.ttl == 0 for record in (*primaries(subject.setup), *secondaries(subject.setup))):
        yield Finding("no resolver may keep an answer", "ttl")


RULE = Rule(
    id="SU002",
    title="TTL of zero",
    severity=Severity.WARNING,
    reason=(
        "Every visit waits for the authoritative servers, and many resolvers put a minimum of their own, often 30 s "
        "or more, in the place of 0: nothing is won."
    ),
    source="RFC 1035 §3.2.1, RFC 8767 §4",
    remedy="Set `ttl` to a few seconds at least; 10 is short.",
    find=find,
    fails=Example(plan(more="ttl: 0"), SITE),
    passes=Example(plan(check="path: /health, interval: 10s", more="ttl: 10"), SITE),
)
