"""SU011: a kind of visitor that has no standby, or no primary."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, secondaries
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found once for all record types that only one side has."""
    first = {record.type for record in primaries(subject.setup)}
    second = {record.type for record in secondaries(subject.setup)}
    if first == second:
        return
    if not first & second:
        text = f"the primary has {_named(first)} records, the standby {_named(second)}"
    elif first - second:
        text = f"the standby has no {_named(first - second)} records: who asks for them stays with the ill primary"
    else:
        text = (
            f"the primary has no {_named(second - first)} records: who asks for them always gets the standby"
        )
    yield Finding(text, "standby")


def _named(types: set[str]) -> str:
    return " and ".join(sorted(types)) or "no"


_BOTH = "addresses: [203.0.113.10, '2001:db8::10']"

RULE = Rule(
    id="SU011",
    title="Record types that do not match",
    severity=Severity.ERROR,
    reason=(
        "Failover is decided type by type. An S3 website has IPv4 only; the visitors of an IPv6 address have no "
        "standby there, and a PRIMARY without SECONDARY is answered though it is ill."
    ),
    source="RT-1, RT-5, semantics 2.1",
    remedy="Give both sides addresses of the same families, or both a name.",
    find=find,
    fails=Example(plan(primary=_BOTH), SITE),
    passes=Example(plan(primary=_BOTH, standby="addresses: [198.51.100.20, '2001:db8:1::20']")),
)
