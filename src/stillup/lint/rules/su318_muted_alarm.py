"""SU318: an alarm that does nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stillup.lint.examples import HELD_ALARM, held
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import status_alarms
from stillup.lint.subject import Subject
from stillup.plan.setup import Alarm


def find(subject: Subject) -> Iterable[Finding]:
    """Found where every alarm on the primary's status has its actions off, or has none for ALARM."""
    alarms = status_alarms(subject.setup)
    if alarms and all(_is_mute(alarm) for alarm in alarms):
        yield Finding(f"the alarm {alarms[0].name} goes off and calls nobody", "alert")


def _is_mute(alarm: Alarm) -> bool:
    return not alarm.actions_enabled or not alarm.alarm_actions


RULE = Rule(
    id="SU318",
    title="Alarm that calls nobody",
    severity=Severity.ERROR,
    reason="It changes its colour in the console, where nobody looks at 2 AM.",
    source="CW-6, CW-8",
    remedy="Give it a topic as its action, and run `aws cloudwatch enable-alarm-actions`.",
    find=find,
    fails=Example("", setup=held(alarms=(replace(HELD_ALARM, actions_enabled=False),))),
    passes=Example("", setup=held()),
)
