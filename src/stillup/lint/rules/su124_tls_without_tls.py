"""SU124: a setting of TLS for a check that speaks none."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import CLOUDFRONT, ENGINE, SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for `sni: true` or `verify-tls: true` with another type than https."""
    if subject.typed is None:
        return
    for part, check in (("primary", subject.typed.primary.check), ("standby", subject.typed.standby.check)):
        if check is None or check.type == "https":
            continue
        for key, is_asked in (("sni", check.sni), ("verify-tls", check.verify_tls)):
            if is_asked:
                yield Finding(f"{key} has no effect: the check speaks {check.type}", f"{part}.check.{key}")


RULE = Rule(
    id="SU124",
    title="TLS setting without TLS",
    severity=Severity.WARNING,
    reason="One believes that the HTTPS side is looked at, and the check never goes there.",
    source="table 1.5",
    remedy="Say `type: https`, or take the setting out.",
    find=find,
    fails=Example(plan(check="path: /health, verify-tls: true", end=ENGINE), SITE),
    passes=Example(
        plan(check="type: https, path: /health, verify-tls: true", standby=CLOUDFRONT, end=ENGINE)
    ),
)
