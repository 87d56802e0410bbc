"""SU150: the check that the plan relies on is not there."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import CHECK_ID
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.worked import ADDRESS, GUIDE, NOW, SITE
from stillup.lint.subject import Subject
from stillup.plan.setup import CheckConfig

_PLAN = GUIDE.replace("path: /health", f"existing: {CHECK_ID}")


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every `existing` check whose id the account does not know."""
    if subject.live is None:
        return
    for check, config in (subject.live.existing_checks or {}).items():
        if config is None:
            yield Finding(f"health check {check} does not exist in this account", "primary.check.existing")


RULE = Rule(
    id="SU150",
    title="Existing check that does not exist",
    severity=Severity.ERROR,
    reason="A record that names a missing check is refused when it is made; one that is left behind counts as healthy.",
    source="RT-1, HC-26; semantics 8.14",
    remedy="Give the id of a check of this account, or describe the check in the plan.",
    find=find,
    fails=Example(_PLAN, SITE, Live(NOW, existing_checks={CHECK_ID: None})),
    passes=Example(
        _PLAN, SITE, Live(NOW, existing_checks={CHECK_ID: CheckConfig("HTTP", ip_address=ADDRESS)})
    ),
    is_live=True,
)
