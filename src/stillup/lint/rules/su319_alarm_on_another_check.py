"""SU319: no alarm watches the check that decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stillup.lint.examples import HELD_ALARM, held
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primary_alarms, primary_check
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where there are alarms, and none on the primary's check."""
    if (
        subject.setup.alarms
        and primary_check(subject.setup) is not None
        and not primary_alarms(subject.setup)
    ):
        dimensions = subject.setup.alarms[0].dimensions
        watched = dimensions.get("HealthCheckId", "no health check")
        yield Finding(f"the alarm {subject.setup.alarms[0].name} watches {watched}", "alert")


RULE = Rule(
    id="SU319",
    title="Alarm on another check",
    severity=Severity.ERROR,
    reason="The primary's check was made anew and the alarm still has the old id, or it was never the right one.",
    source="HC-55, table 1.12",
    remedy="Give the alarm the id of the primary's check as its dimension, or run `stillup apply --adopt`.",
    find=find,
    fails=Example("", setup=held(alarms=(replace(HELD_ALARM, dimensions={"HealthCheckId": "another"}),))),
    passes=Example("", setup=held()),
)
