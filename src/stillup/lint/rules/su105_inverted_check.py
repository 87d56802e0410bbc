"""SU105: a check that takes ill for well."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import configs
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an inverted check."""
    for path, config in configs(subject.setup):
        if config.inverted:
            yield Finding("the check is inverted: an answer that is well counts as ill", f"{path}.inverted")


RULE = Rule(
    id="SU105",
    title="Inverted check",
    severity=Severity.ERROR,
    reason="Visitors get the standby while the primary is well, and the primary once it is dead.",
    source="HC-31",
    remedy="Leave `inverted` out; a drill or maintenance that set it should have put it back.",
    find=find,
    fails=Example(plan(check="path: /health, inverted: true"), SITE),
    passes=Example(plan(check="path: /health, inverted: false"), SITE),
)
