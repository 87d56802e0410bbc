"""SU307: nobody is told that the primary is back."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import status_alarms
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an alarm with actions, and none of them for OK."""
    for alarm in status_alarms(subject.setup):
        if alarm.alarm_actions and not alarm.ok_actions:
            yield Finding(f"the alarm {alarm.name} tells of the failure only", "alert.alarm.ok-actions")


RULE = Rule(
    id="SU307",
    title="Recovery that is not told",
    severity=Severity.WARNING,
    reason="Whoever was woken does not know whether it still burns, and a site that flaps looks like one that fails once.",
    source="semantics 8.i, CW-8",
    remedy="Leave `ok-actions` out, or make it true.",
    find=find,
    fails=Example(plan(alert="emails: [oncall@example.com], alarm: {ok-actions: false}"), SITE),
    passes=Example(plan(alert="emails: [oncall@example.com], alarm: {ok-actions: true}"), SITE),
)
