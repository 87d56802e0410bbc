"""SU123: a first failure slows the check down."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import ENGINE, SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import checks, interval, is_on_engine
from stillup.lint.subject import Subject
from stillup.rules.durations import parse_duration


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a confirm interval above the interval."""
    for path, check in checks(subject.setup):
        if check.config is None or not is_on_engine(subject):
            continue
        usual = interval(subject, check)
        confirm = parse_duration(check.tags.get("stillup:confirm-interval", ""))
        if confirm is not None and confirm > usual:
            yield Finding(
                f"after a failure it waits {confirm:g} s, otherwise {usual:g} s", f"{path}.confirm-interval"
            )


RULE = Rule(
    id="SU123",
    title="Confirm interval above the interval",
    severity=Severity.WARNING,
    reason="It is there to make sure sooner; a longer one is never used, the interval is taken in its place.",
    source="docs/reference/tags.md",
    remedy="Make `confirm-interval` shorter than `interval`, or leave it out.",
    find=find,
    fails=Example(plan(check="path: /health, interval: 10s, confirm-interval: 30s", end=ENGINE), SITE),
    passes=Example(plan(check="path: /health, interval: 10s, confirm-interval: 1s", end=ENGINE), SITE),
)
