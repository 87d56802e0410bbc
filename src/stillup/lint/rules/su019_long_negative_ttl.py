"""SU019: `no such name` is remembered for long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import held
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject
from stillup.plan.setup import Zone

ROUTE_53_DEFAULT: Final = 900
"""Seconds, as Route 53 makes the SOA of a new zone (HZ-2)."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found above Route 53's own default, in a set-up that shows the SOA."""
    seconds = subject.setup.zone.negative_ttl
    if seconds is not None and seconds > ROUTE_53_DEFAULT:
        yield Finding(f"resolvers keep `no such name` of {subject.setup.zone.name} for {seconds} s", "zone")


RULE = Rule(
    id="SU019",
    title="SOA with a long negative TTL",
    severity=Severity.WARNING,
    reason=(
        "Who asks before a record exists, or while it is made anew, is told so until the SOA's negative TTL is over, "
        "whatever the record's own TTL is."
    ),
    source="RFC 2308 §5",
    remedy="Lower the TTL of the zone's SOA record, or its last field, to 900 or less.",
    find=find,
    fails=Example("", setup=held(zone=Zone("example.com", id="Z0123456789ABCDEFGHIJ", negative_ttl=86400))),
    passes=Example("", setup=held(zone=Zone("example.com", id="Z0123456789ABCDEFGHIJ", negative_ttl=900))),
)
