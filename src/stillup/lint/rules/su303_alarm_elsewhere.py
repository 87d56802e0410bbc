"""SU303: an alarm that never sees its metric."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import METRICS_REGION, primary_alarms
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every alarm on the primary's check outside us-east-1."""
    for alarm in primary_alarms(subject.setup):
        if alarm.region != METRICS_REGION:
            yield Finding(f"the alarm {alarm.name} is in {alarm.region}", "alert.alarm.region")


RULE = Rule(
    id="SU303",
    title="Alarm outside us-east-1",
    severity=Severity.ERROR,
    reason="Route 53 publishes the metrics of health checks in us-east-1 only; elsewhere the alarm has no data.",
    source="CW-22; the guide's step 4",
    remedy="Leave `region` out, or make it us-east-1.",
    find=find,
    fails=Example(plan(alert="emails: [oncall@example.com], alarm: {region: eu-west-1}"), SITE),
    passes=Example(plan(alert="emails: [oncall@example.com], alarm: {region: us-east-1}"), SITE),
)
