"""SU012: a record beside the failover that leads visitors past it."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import HELD_PRIMARY, HELD_SECONDARY, held
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject
from stillup.plan.setup import Record


def find(subject: Subject) -> Iterable[Finding]:
    """Found for addresses of one family without failover, where the other has it."""
    failing_over = [
        record for record in subject.setup.records if record.failover and record.type in ("A", "AAAA")
    ]
    beside = [
        record for record in subject.setup.records if not record.failover and record.type in ("A", "AAAA")
    ]
    if failing_over and beside:
        yield Finding(
            f"{beside[0].name} has {beside[0].type} records without failover beside its {failing_over[0].type} ones: "
            "who asks for them stays with them when the primary fails",
            "primary",
        )


_BESIDE = Record("www.example.com", "AAAA", ttl=300, values=("2001:db8::10",))

RULE = Rule(
    id="SU012",
    title="Address record that bypasses the failover",
    severity=Severity.ERROR,
    reason="Clients with IPv6 prefer it: an AAAA record without failover is answered whatever happens to the A.",
    source="RT-1, RFC 8305",
    remedy="Give the plan addresses of both families, or delete the other record.",
    find=find,
    fails=Example("", setup=held(records=(HELD_PRIMARY, HELD_SECONDARY, _BESIDE))),
    passes=Example("", setup=held()),
)
