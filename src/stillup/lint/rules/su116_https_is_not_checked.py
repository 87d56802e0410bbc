"""SU116: visitors come by HTTPS, and plain HTTP is checked."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import CLOUDFRONT, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primary_config
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where a drill visits by HTTPS and the check speaks HTTP to port 80."""
    config = primary_config(subject.setup)
    visit = None if subject.typed is None else subject.typed.drill.visit
    if config is None or visit is None or not visit.lower().startswith("https:"):
        return
    if config.type in ("HTTP", "HTTP_STR_MATCH") and config.port in (80, None):
        yield Finding(f"visitors open {visit}, and the check probes plain HTTP", "primary.check.type")


RULE = Rule(
    id="SU116",
    title="HTTPS that is not checked",
    severity=Severity.WARNING,
    reason=(
        "Statuses from 200 to 399 are healthy and redirects are not followed: a redirect to HTTPS passes while "
        "HTTPS itself is dead."
    ),
    source="HC-1; semantics 8.c",
    remedy="Check with `type: https`.",
    find=find,
    fails=Example(plan(standby=CLOUDFRONT, more="drill: {visit: 'https://www.example.com/'}")),
    passes=Example(
        plan(
            check="type: https, path: /health",
            standby=CLOUDFRONT,
            more="drill: {visit: 'https://www.example.com/'}",
        )
    ),
)
