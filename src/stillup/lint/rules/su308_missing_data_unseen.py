"""SU308: an alarm that sleeps when its data stops."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import status_alarms
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every other treatment of missing data than breaching."""
    for alarm in status_alarms(subject.setup):
        if alarm.treat_missing_data != "breaching":
            yield Finding(
                f"the alarm {alarm.name} treats missing data as {alarm.treat_missing_data or 'missing'}",
                "alert.alarm.treat-missing-data",
            )


RULE = Rule(
    id="SU308",
    title="Missing data unseen",
    severity=Severity.WARNING,
    reason="When the check is deleted its metric ends: the alarm goes to INSUFFICIENT_DATA, or stays OK, and nobody hears of it.",
    source="HC-55, CW-15; semantics 8.i",
    remedy="Leave `treat-missing-data` out, or make it `breaching`.",
    find=find,
    fails=Example(
        plan(alert="emails: [oncall@example.com], alarm: {treat-missing-data: notBreaching}"), SITE
    ),
    passes=Example(plan(alert="emails: [oncall@example.com], alarm: {treat-missing-data: breaching}"), SITE),
)
