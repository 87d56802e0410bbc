"""SU354: an alarm watches a health check that does not exist."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import CHECK_ID
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import LeftAlarm, Live
from stillup.lint.rules_live.worked import GUIDE, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every alarm on the metrics of a deleted check."""
    if subject.live is None:
        return
    for alarm in subject.live.left_alarms or ():
        yield Finding(
            f"alarm {alarm.name} in {alarm.region} watches health check {alarm.check}, which does not exist",
            "alert",
        )


RULE = Rule(
    id="SU354",
    title="Alarm on a deleted check",
    severity=Severity.WARNING,
    reason="It gets no data any more: it never tells of anything, and looks as if it did.",
    source="CW-9; semantics 8.i",
    remedy="Let it watch the check that the record names, or delete it.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, left_alarms=(LeftAlarm("down", "us-east-1", CHECK_ID),))),
    passes=Example(GUIDE, SITE, Live(NOW, left_alarms=())),
    is_live=True,
)
