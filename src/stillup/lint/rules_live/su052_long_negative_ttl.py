"""SU052: `no such name` is remembered for long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.worked import GUIDE, HELD, NOW, SITE
from stillup.lint.subject import Subject

ROUTE_53_DEFAULT: Final = 900
"""Seconds, as Route 53 makes the SOA of a new zone."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found above Route 53's own default, unless the set-up under judgement shows the SOA itself."""
    if subject.live is None or subject.live.setup is None or subject.setup.zone.negative_ttl is not None:
        return
    seconds = subject.live.setup.zone.negative_ttl
    if seconds is not None and seconds > ROUTE_53_DEFAULT:
        yield Finding(
            f"resolvers keep `no such name` of {subject.live.setup.zone.name} for {seconds} s", "zone"
        )


RULE = Rule(
    id="SU052",
    title="Negative answers kept for long",
    severity=Severity.WARNING,
    reason=(
        "Who asks before a record exists, or while it is made anew, is told so until the SOA's negative TTL is over, "
        "whatever the record's own TTL is."
    ),
    source="RFC 2308 §5",
    remedy="Lower the TTL of the zone's SOA record, or its last field, to 900 or less.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, setup=replace(HELD, zone=replace(HELD.zone, negative_ttl=86400)))),
    passes=Example(GUIDE, SITE, Live(NOW, setup=HELD)),
    is_live=True,
)
