"""SU053: a record of the account at the same name leads visitors past the failover."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.worked import GUIDE, HELD, NAME, NOW, SITE
from stillup.lint.subject import Subject
from stillup.plan.setup import Record


def find(subject: Subject) -> Iterable[Finding]:
    """Found for addresses of a family that the plan has no failover for; what the plan shows is seen by others."""
    if subject.live is None or subject.live.setup is None:
        return
    planned = {record.type for record in subject.setup.records}
    for record in subject.live.setup.records:
        if record.type in ("A", "AAAA") and record.type not in planned and planned & {"A", "AAAA"}:
            yield Finding(
                f"{record.name} has {record.type} records beside the failover: who asks for them stays with them "
                "when the primary fails",
                "primary",
            )
            return


RULE = Rule(
    id="SU053",
    title="Address record beside the failover",
    severity=Severity.ERROR,
    reason="Failover is decided type by type: an AAAA record without failover is answered whatever happens to the A.",
    source="RT-1, RFC 8305 (clients prefer IPv6)",
    remedy="Give the plan addresses of both families, or delete the other record.",
    find=find,
    fails=Example(
        GUIDE,
        SITE,
        Live(
            NOW,
            setup=replace(
                HELD, records=(*HELD.records, Record(NAME, "AAAA", ttl=300, values=("2001:db8::1",)))
            ),
        ),
    ),
    passes=Example(GUIDE, SITE, Live(NOW, setup=HELD)),
    is_live=True,
)
