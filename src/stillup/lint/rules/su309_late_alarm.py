"""SU309: an alarm that takes its time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import status_alarms
from stillup.lint.subject import Subject

LONGEST: Final = 180
"""Seconds of unhealthy datapoints that it takes."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the periods that must be bad add up to more than three minutes."""
    for alarm in status_alarms(subject.setup):
        periods = alarm.datapoints_to_alarm or alarm.evaluation_periods
        seconds = alarm.period * min(periods, alarm.evaluation_periods)
        if seconds > LONGEST:
            path = "period" if alarm.period > LONGEST else "evaluation-periods"
            yield Finding(f"the alarm {alarm.name} waits for {seconds} s of failure", f"alert.alarm.{path}")


RULE = Rule(
    id="SU309",
    title="Late alarm",
    severity=Severity.WARNING,
    reason="The status is already the verdict of many probes; whoever waits longer is told when the visitors have long complained.",
    source="CW-18; semantics 8.i, 8.j",
    remedy="Leave `period` and `evaluation-periods` out: one minute.",
    find=find,
    fails=Example(plan(alert="emails: [oncall@example.com], alarm: {period: 300}"), SITE),
    passes=Example(plan(alert="emails: [oncall@example.com], alarm: {evaluation-periods: 2}"), SITE),
)
