"""SU018: a zone that the Internet does not see."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import held
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject
from stillup.plan.setup import Zone


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a private hosted zone."""
    if subject.setup.zone.is_private and any(record.failover for record in subject.setup.records):
        yield Finding(f"the zone {subject.setup.zone.name} is private", "zone")


RULE = Rule(
    id="SU018",
    title="Failover in a private zone",
    severity=Severity.WARNING,
    reason=(
        "Only the VPCs of the zone see it, while the checkers probe from the Internet: they judge another way to the "
        "server than the visitors take."
    ),
    source="RT-13; DG:hosted-zone-private-considerations",
    remedy="Put the failover into the public zone of that name; a private one wants a CloudWatch alarm as its check.",
    find=find,
    fails=Example("", setup=held(zone=Zone("example.com", id="Z0123456789ABCDEFGHIJ", is_private=True))),
    passes=Example("", setup=held()),
)
