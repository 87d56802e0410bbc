"""SU118: the standby's check speaks what the standby does not."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import secondaries, website
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a check by HTTPS, or at port 443, of an S3 website."""
    for record in secondaries(subject.setup):
        check = subject.setup.checks.get(record.check or "")
        if website(record) is None or check is None or check.config is None:
            continue
        if check.config.type.startswith("HTTPS") or check.config.port == 443:
            yield Finding(
                "an S3 website speaks no HTTPS, so the standby always counts as ill", "standby.check.type"
            )


RULE = Rule(
    id="SU118",
    title="HTTPS check of an S3 website",
    severity=Severity.ERROR,
    reason="The standby is never healthy, and when both sides are ill Route 53 answers with the primary.",
    source="S3-1, semantics 2.1",
    remedy="Leave the standby's check out: without one it is always used when the primary is ill.",
    find=find,
    fails=Example(plan(standby="folder: maintenance, check: {type: https}"), SITE),
    passes=Example(plan(standby="folder: maintenance, check: {path: /index.html}"), SITE),
)
