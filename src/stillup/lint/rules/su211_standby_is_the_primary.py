"""SU211: both sides lead to the same place."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, secondaries, target_names
from stillup.lint.subject import Subject
from stillup.plan.setup import Record


def find(subject: Subject) -> Iterable[Finding]:
    """Found once for an address or a name that both sides have."""
    first = {target for record in primaries(subject.setup) for target in _targets(record)}
    second = [target for record in secondaries(subject.setup) for target in _targets(record)]
    same = next((target for target in second if target in first), None)
    if same is not None:
        yield Finding(f"both sides lead to {same}", "standby")


def _targets(record: Record) -> tuple[str, ...]:
    """An alias to a bare website endpoint says nothing: every bucket of the Region is behind it."""
    names = target_names(record)
    return tuple(name for name in names if not name.startswith("s3-website")) if names else record.values


RULE = Rule(
    id="SU211",
    title="Standby that is the primary",
    severity=Severity.ERROR,
    reason="What fails is replaced by itself.",
    source="semantics 2.1",
    remedy="Name another server, or a `folder` to publish.",
    find=find,
    fails=Example(plan(standby="address: 203.0.113.10")),
    passes=Example(plan(standby="address: 198.51.100.20")),
)
