"""SU356: the alarm calls a topic that is not there."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import TOPIC_ARN
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.worked import GUIDE, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every ARN of a topic that an alarm calls, or the plan names, and that SNS does not know."""
    if subject.live is None:
        return
    for arn in subject.live.missing_topics or ():
        yield Finding(f"topic {arn} does not exist", "alert.topic")


RULE = Rule(
    id="SU356",
    title="Topic that does not exist",
    severity=Severity.ERROR,
    reason="The alarm goes off and its message goes nowhere.",
    source="CW-12; M:cloudwatch/PutMetricAlarm.AlarmActions",
    remedy="Make the topic, or let the alarm call one that exists.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, missing_topics=(TOPIC_ARN,))),
    passes=Example(GUIDE, SITE, Live(NOW, missing_topics=())),
    is_live=True,
)
