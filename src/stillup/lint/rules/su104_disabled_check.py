"""SU104: a check that is not made."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import configs
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a disabled check."""
    for path, config in configs(subject.setup):
        if config.disabled:
            held_for = "ill" if config.inverted else "well"
            yield Finding(f"the check is disabled, and its target taken for {held_for}", f"{path}.disabled")


RULE = Rule(
    id="SU104",
    title="Disabled check",
    severity=Severity.ERROR,
    reason="Nothing is probed and the check stays healthy, so the primary keeps its visitors when it dies.",
    source="HC-32",
    remedy="Enable it. To keep visitors away from the primary, invert the check instead.",
    find=find,
    fails=Example(plan(check="path: /health, disabled: true"), SITE),
    passes=Example(plan(check="path: /health, disabled: false"), SITE),
)
