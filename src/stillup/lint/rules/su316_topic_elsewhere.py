"""SU316: the alarm and its topic are in different Regions."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primary_alarms
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an action of the alarm that is a topic of another Region."""
    for alarm in primary_alarms(subject.setup):
        for action in (*alarm.alarm_actions, *alarm.ok_actions):
            parts = action.split(":")
            if parts[:3:2] == ["arn", "sns"] and len(parts) > 3 and parts[3] != alarm.region:
                yield Finding(f"the topic is in {parts[3]}, the alarm in {alarm.region}", "alert.topic")
                break


RULE = Rule(
    id="SU316",
    title="Topic in another Region",
    severity=Severity.ERROR,
    reason="CloudWatch refuses an alarm whose topic is in another Region, and the alarm must be in us-east-1.",
    source="CW-22",
    remedy="Give a topic of us-east-1, or leave `topic` out to have one made there.",
    find=find,
    fails=Example(plan(alert="topic: 'arn:aws:sns:eu-west-1:123456789012:oncall'"), SITE),
    passes=Example(plan(alert="topic: 'arn:aws:sns:us-east-1:123456789012:oncall'"), SITE),
)
