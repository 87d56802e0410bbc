"""SU119: a record names a check that does not exist."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import held
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, secondaries
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every failover record whose check is not in the account."""
    for record in (*primaries(subject.setup), *secondaries(subject.setup)):
        if record.check is not None and record.check not in subject.setup.checks:
            yield Finding(
                f"the {record.failover} {record.type} record names the check {record.check}, which is gone"
            )


RULE = Rule(
    id="SU119",
    title="Record with a deleted check",
    severity=Severity.ERROR,
    reason="Route 53 lets a check be deleted that records still name; what the records do then cannot be told.",
    source="HC-44",
    remedy="Make the check again and give the record its id, or run `stillup apply`.",
    find=find,
    fails=Example("", setup=held(checks=(), alarms=())),
    passes=Example("", setup=held()),
)
