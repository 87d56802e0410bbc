"""SU306: a statistic that hides the failure."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import status_alarms
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for Maximum, Sum and SampleCount of the status, and for percentiles."""
    for alarm in status_alarms(subject.setup):
        if alarm.statistic not in ("Minimum", "Average"):
            yield Finding(
                f"the alarm {alarm.name} takes the {alarm.statistic or 'percentile'} of the status",
                "alert.alarm.statistic",
            )


RULE = Rule(
    id="SU306",
    title="Statistic that hides the failure",
    severity=Severity.ERROR,
    reason="A maximum is 1 as long as one datapoint of the period is; a count or a sum says nothing about health.",
    source="table 1.12; the guide's step 4",
    remedy="Leave `statistic` out: it is Minimum then.",
    find=find,
    fails=Example(plan(alert="emails: [oncall@example.com], alarm: {statistic: Maximum}"), SITE),
    passes=Example(plan(alert="emails: [oncall@example.com], alarm: {statistic: Minimum}"), SITE),
)
