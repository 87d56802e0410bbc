"""SU450: an instance that the plan names is not there."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Instance, Live
from stillup.lint.rules_live.worked import INSTANCE, NOW, SITE, TYPED_INSTANCE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every instance of the plan that is missing or terminated."""
    if subject.live is None or subject.live.instances is None or subject.typed is None:
        return
    for name in subject.typed.primary.instances:
        instance = subject.live.instances.get(name)
        if instance is not None and instance.state in ("missing", "terminated", "shutting-down"):
            yield Finding(f"instance {name} is {instance.state}", "primary.instances")


RULE = Rule(
    id="SU450",
    title="Instance that is gone",
    severity=Severity.ERROR,
    reason="Whoever rehearses, or follows the run-book at night, stops and starts an instance that does not exist.",
    source="The guide, step 5",
    remedy="Name the instances that serve the primary now.",
    find=find,
    fails=Example(TYPED_INSTANCE, SITE, Live(NOW, instances={INSTANCE: Instance(INSTANCE, "missing")})),
    passes=Example(TYPED_INSTANCE, SITE, Live(NOW, instances={INSTANCE: Instance(INSTANCE, "running")})),
    is_live=True,
)
