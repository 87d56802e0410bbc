"""SU355: the alarm has had no data for long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import AlarmState, Live
from stillup.lint.rules_live.worked import GUIDE, HELD, NOW, SITE
from stillup.lint.subject import Subject

GRACE: Final = 900.0
"""Seconds that a new alarm may take to see its first datapoints."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every alarm that has been INSUFFICIENT_DATA for more than a quarter of an hour."""
    live = subject.live
    if live is None or live.setup is None:
        return
    regions = {alarm.name: alarm.region for alarm in live.setup.alarms}
    for name, state in (live.alarm_states or {}).items():
        is_elsewhere = regions.get(name, "us-east-1") != "us-east-1"
        if state.value == "INSUFFICIENT_DATA" and live.now - state.since > GRACE and not is_elsewhere:
            minutes = (live.now - state.since) / 60
            yield Finding(f"alarm {name} has been without data for {minutes:,.0f} minutes", "alert.alarm")


def _without_data(seconds: float) -> Live:
    return Live(NOW, setup=HELD, alarm_states={"down": AlarmState("INSUFFICIENT_DATA", NOW - seconds)})


RULE = Rule(
    id="SU355",
    title="Alarm without data",
    severity=Severity.WARNING,
    reason="It watches a metric that nobody publishes: it cannot go off.",
    source="CW-9; semantics 8.i",
    remedy="Compare its namespace, metric and dimension with the check; the alarm must be in us-east-1.",
    find=find,
    fails=Example(GUIDE, SITE, _without_data(3600)),
    passes=Example(GUIDE, SITE, _without_data(60)),
    is_live=True,
)
