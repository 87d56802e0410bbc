"""SU120: a calculated check that always says the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stillup.lint.examples import CHECK_ID, held
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import configs
from stillup.lint.subject import Subject
from stillup.plan.setup import Check, CheckConfig


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a HealthThreshold of 0, or above the number of children."""
    for path, config in configs(subject.setup):
        if config.type != "CALCULATED" or config.health_threshold is None:
            continue
        count = len(config.child_health_checks)
        if config.health_threshold == 0 or config.health_threshold > count:
            verdict = "healthy" if config.health_threshold == 0 else "unhealthy"
            yield Finding(
                f"{config.health_threshold} of {count} children must be well: it is always {verdict}", path
            )


_CALCULATED = CheckConfig(type="CALCULATED", health_threshold=1, child_health_checks=("a", "b"))

RULE = Rule(
    id="SU120",
    title="Calculated check that never changes",
    severity=Severity.ERROR,
    reason="It says healthy, or unhealthy, whatever its children say.",
    source="HC-35",
    remedy="Ask for at least one child, and for no more than there are.",
    find=find,
    fails=Example(
        "", setup=held(checks=(Check(CHECK_ID, replace(_CALCULATED, health_threshold=3), id=CHECK_ID),))
    ),
    passes=Example("", setup=held(checks=(Check(CHECK_ID, _CALCULATED, id=CHECK_ID),))),
)
