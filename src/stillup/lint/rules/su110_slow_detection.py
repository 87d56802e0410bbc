"""SU110: many failures, far apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import checks, interval
from stillup.lint.subject import Subject

LONGEST: Final = 180.0
"""Seconds from the first failure to the last one that it takes; twice the guide's figure."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found where failures and interval multiply to more than three minutes and no budget allows it."""
    if subject.typed is not None and subject.typed.budget is not None:
        return
    for path, check in checks(subject.setup):
        if path != "primary.check" or check.config is None or check.config.failure_threshold is None:
            continue
        seconds = interval(subject, check)
        if check.config.failure_threshold * seconds > LONGEST:
            yield Finding(
                f"{check.config.failure_threshold} failures, {seconds:g} s apart: visitors see a dead primary for "
                f"{check.config.failure_threshold * seconds:g} s before anything happens",
                f"{path}.failures" if check.config.failure_threshold > 3 else f"{path}.interval",
            )


RULE = Rule(
    id="SU110",
    title="Slow detection",
    severity=Severity.WARNING,
    reason="Detection is the larger part of a failover, and failures times interval is what it takes.",
    source="HC-24, HC-27; semantics 8.d",
    remedy="Lower `failures` to 3 or so, or the `interval` to 10 s; or say with `budget` that so long is meant.",
    find=find,
    fails=Example(plan(check="path: /health, failures: 10"), SITE),
    passes=Example(plan(check="path: /health, failures: 5"), SITE),
)
