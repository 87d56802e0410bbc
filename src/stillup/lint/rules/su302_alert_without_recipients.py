"""SU302: an alert for nobody."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the topics that are kept here have no subscription at all."""
    for topic in subject.setup.topics:
        if topic.is_kept and not topic.subscriptions:
            yield Finding(f"the topic {topic.name} has no recipients", "alert")


RULE = Rule(
    id="SU302",
    title="Alert without recipients",
    severity=Severity.ERROR,
    reason="The alarm goes off and its message is delivered to no one.",
    source="SN-3; the guide's step 4",
    remedy="Add `emails` or `webhooks`, or give as `topic` the ARN of one that has recipients.",
    find=find,
    fails=Example(plan(alert="emails: []"), SITE),
    passes=Example(plan(alert="topic: 'arn:aws:sns:us-east-1:123456789012:oncall'"), SITE),
)
