"""SU357: the alarm's actions have been turned off by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stillup.lint.examples import HELD_ALARM
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.judging import is_account_itself
from stillup.lint.rules_live.worked import GUIDE, HELD, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every alarm of the account whose actions are off, where the plan has them on."""
    live = subject.live
    if live is None or live.setup is None or is_account_itself(subject):
        return
    for alarm in live.setup.alarms:
        if not alarm.actions_enabled and (alarm.alarm_actions or alarm.ok_actions):
            yield Finding(f"the actions of alarm {alarm.name} are disabled", "alert.alarm")


_MUTED = replace(HELD, alarms=(replace(HELD_ALARM, actions_enabled=False),))

RULE = Rule(
    id="SU357",
    title="Muted alarm",
    severity=Severity.ERROR,
    reason="It goes off and tells nobody, mostly since somebody muted it during work on the primary and forgot.",
    source="M:cloudwatch/DisableAlarmActions",
    remedy="Run `aws cloudwatch enable-alarm-actions`, or `stillup apply`.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, setup=_MUTED)),
    passes=Example(GUIDE, SITE, Live(NOW, setup=HELD)),
    is_live=True,
)
