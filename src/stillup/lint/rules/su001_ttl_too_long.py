"""SU001: resolvers keep the old answer longer than the failover takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import INTERVAL_TAG, interval, is_on_engine, primaries, primary_check, secondaries
from stillup.lint.subject import Subject

LONGEST: Final = 60
"""Seconds; the guide's figure."""
STANDARD_INTERVAL: Final = 30
"""Seconds. From here on, a TTL of twice the interval is still the smaller part of the whole."""
ALWAYS_SHORT: Final = 10
"""Seconds that no failover is the worse for."""


def find(subject: Subject) -> Iterable[Finding]:
    """
    | the primary's interval | a TTL is too long above          |
    |------------------------|----------------------------------|
    | none, or 30 s and more | 60 s                             |
    | less                   | the interval, but 10 s at least  |
    """
    records = (*primaries(subject.setup), *secondaries(subject.setup))
    ttl = max((record.ttl for record in records if record.ttl is not None), default=0)
    seconds = _interval(subject)
    if ttl > LONGEST:
        yield Finding(f"resolvers keep an answer for {ttl} s: more than {LONGEST} s", "ttl")
    elif seconds < STANDARD_INTERVAL and ttl > max(seconds, ALWAYS_SHORT):
        yield Finding(
            f"resolvers keep an answer for {ttl} s, and the check is made every {seconds:g} s: the switch is "
            "noticed soon and seen late",
            "ttl",
        )


def _interval(subject: Subject) -> float:
    """Seconds. One that Route 53 does not know is SU113's."""
    check = primary_check(subject.setup)
    if check is None or (INTERVAL_TAG in check.tags and not is_on_engine(subject)):
        return STANDARD_INTERVAL
    return interval(subject, check)


RULE = Rule(
    id="SU001",
    title="TTL too long",
    severity=Severity.WARNING,
    reason="Whoever asked just before the switch is sent to the dead primary until the TTL is over.",
    source="the guide's pitfalls; RFC 1035 §3.2.1",
    remedy="Lower `ttl` to 60 s or less, with a fast check to the check's interval; or leave it out.",
    find=find,
    fails=Example(plan(more="ttl: 300"), SITE),
    passes=Example(plan(more="ttl: 60"), SITE),
)
