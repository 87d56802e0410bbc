"""SU113: a wish that Route 53 does not know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import ENGINE, SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import checks, is_on_engine
from stillup.lint.subject import Subject

FAILBACK: Final = ("stillup:latch", "stillup:recover-after")
"""SU402 tells of these."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found once for each check with such tags, where the set-up is for AWS."""
    if is_on_engine(subject) or subject.typed is None:
        return
    for path, check in checks(subject.setup):
        tags = [tag for tag in check.tags if tag.startswith("stillup:") and tag not in FAILBACK]
        keys = [tag.removeprefix("stillup:") for tag in tags]
        if keys:
            yield Finding(
                f"Route 53 does not know {', '.join(keys)}, and goes on as if not asked", f"{path}.{keys[0]}"
            )


RULE = Rule(
    id="SU113",
    title="Setting that Route 53 does not know",
    severity=Severity.WARNING,
    reason=(
        "`expect`, `verify-tls`, `confirm-interval`, `timeout`, `fall`, `rise` and intervals other than 10 s and 30 s "
        "act on an engine only: on AWS the check is less strict, or slower, than the plan reads."
    ),
    source="docs/reference/tags.md; table 1.5",
    remedy="Leave it out, or run the plan on an engine with `where: {endpoint-url: …}`.",
    find=find,
    fails=Example(plan(check="path: /health, expect: 200-299"), SITE),
    passes=Example(plan(check="path: /health, expect: 200-299", end=ENGINE), SITE),
)
