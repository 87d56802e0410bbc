"""SU310: a period in which there is no datapoint."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primary_alarms
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a period that is no multiple of 60 s."""
    for alarm in primary_alarms(subject.setup):
        if alarm.period % 60:
            yield Finding(f"the alarm {alarm.name} has a period of {alarm.period} s", "alert.alarm.period")


RULE = Rule(
    id="SU310",
    title="Period that CloudWatch has no data for",
    severity=Severity.ERROR,
    reason="The metric has one datapoint a minute: shorter periods are empty most of the time, and others than multiples of 60 are refused.",
    source="CW-4, table 1.12",
    remedy="Leave `period` out, for 60 s.",
    find=find,
    fails=Example(plan(alert="emails: [oncall@example.com], alarm: {period: 10}"), SITE),
    passes=Example(plan(alert="emails: [oncall@example.com], alarm: {period: 60}"), SITE),
)
