"""SU103: the check is made elsewhere than where visitors are sent."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, secondaries
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a check by address of a target by address, where the target has not that address."""
    for role, records in (("primary", primaries(subject.setup)), ("standby", secondaries(subject.setup))):
        targets = {
            ip_address(value) for record in records if record.type in ("A", "AAAA") for value in record.values
        }
        for key in dict.fromkeys(record.check for record in records):
            check = subject.setup.checks.get(key or "")
            probed = None if check is None or check.config is None else check.config.ip_address
            if targets and probed is not None and ip_address(probed) not in targets:
                yield Finding(
                    f"{probed} is probed, and visitors are sent to {', '.join(map(str, sorted(targets, key=str)))}",
                    f"{role}.check.address",
                )


RULE = Rule(
    id="SU103",
    title="Check of another address",
    severity=Severity.ERROR,
    reason="A record's check says nothing about the record's value: what is probed may be well while visitors see a dead server.",
    source="RT-11; the guide's pitfalls",
    remedy="Leave `check.address` out, or give an address of the same server that visitors are sent to.",
    find=find,
    fails=Example(plan(check="path: /health, address: 203.0.113.99"), SITE),
    passes=Example(plan(check="path: /health, address: 203.0.113.10"), SITE),
)
