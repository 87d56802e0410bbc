"""SU109: a single failed probe decides."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import checks, is_on_engine
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a FailureThreshold of 1, unless `stillup:fall` asks for more."""
    for path, check in checks(subject.setup):
        if check.config is None:
            continue
        fall = check.tags.get("stillup:fall") if is_on_engine(subject) else None
        threshold = int(fall) if fall is not None and fall.isdecimal() else check.config.failure_threshold
        if threshold == 1:
            yield Finding("one failed probe makes a checker call it ill", f"{path}.failures")


RULE = Rule(
    id="SU109",
    title="One failure is enough",
    severity=Severity.WARNING,
    reason="A restart, a lost packet or a slow second moves every visitor away and back: the site flaps.",
    source="HC-24",
    remedy="Ask for two failures or three; to be faster, shorten the interval.",
    find=find,
    fails=Example(plan(check="path: /health, failures: 1"), SITE),
    passes=Example(plan(check="path: /health, interval: 10s, failures: 2"), SITE),
)
