"""SU401: the budget cannot be met."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import is_on_engine
from stillup.lint.subject import Subject
from stillup.plan.detection import AWS, ENGINE
from stillup.plan.prediction import predict


def find(subject: Subject) -> Iterable[Finding]:
    """
    | budget                                                          | found |
    |-----------------------------------------------------------------|-------|
    | none, or nothing of ours is checked                             | no    |
    | at least detection and switch as expected, and all of the TTL   | no    |
    | less                                                            | yes   |

    Expected is a refused connection. Who wants the slowest failure covered too reads the prediction of `stillup plan`.
    """
    budget = None if subject.typed is None else subject.typed.budget
    checkers = ENGINE if is_on_engine(subject) else AWS
    prediction = None if budget is None else predict(subject.setup, checkers)
    if budget is None or prediction is None:
        return
    usual = prediction.detection.expected + prediction.switch.expected + prediction.cache.worst
    if budget < usual:
        yield Finding(
            f"{budget:g} s are allowed: detection takes about {prediction.detection.expected:.0f} s, and resolvers "
            f"keep the old answer for up to {prediction.cache.worst:.0f} s more",
            "budget",
        )


RULE = Rule(
    id="SU401",
    title="Budget out of reach",
    severity=Severity.WARNING,
    reason="Detection and TTL together may take longer than is allowed; a drill on a bad day fails.",
    source="HC-27; semantics 8.j",
    remedy="Shorten the check's interval, its failures or the TTL, or raise the budget.",
    find=find,
    fails=Example(plan(more="budget: 30s"), SITE),
    passes=Example(plan(more="budget: 3m"), SITE),
)
