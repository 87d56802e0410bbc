"""SU304: no alarm watches whether the check is healthy."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primary_alarms, status_alarms
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where there are alarms on the primary's check, and none on its status."""
    alarms = primary_alarms(subject.setup)
    if alarms and not any(alarm.namespace == "AWS/Route53" for alarm in status_alarms(subject.setup)):
        yield Finding(
            f"the alarm {alarms[0].name} watches {alarms[0].namespace} {alarms[0].metric}",
            "alert.alarm.metric",
        )


RULE = Rule(
    id="SU304",
    title="Alarm on another metric",
    severity=Severity.ERROR,
    reason="Only HealthCheckStatus follows the failover. Latencies have no data while the primary fails, percentages move earlier or later.",
    source="table 1.12",
    remedy="Leave `metric` out: it is HealthCheckStatus then.",
    find=find,
    fails=Example(plan(alert="emails: [oncall@example.com], alarm: {metric: ConnectionTime}"), SITE),
    passes=Example(plan(alert="emails: [oncall@example.com], alarm: {metric: HealthCheckStatus}"), SITE),
)
