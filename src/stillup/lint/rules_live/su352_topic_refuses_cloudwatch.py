"""SU352: the topic's policy does not let CloudWatch publish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stillup.lint.examples import HELD_TOPIC
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.worked import GUIDE, HELD, NOW, SITE
from stillup.lint.subject import Subject
from stillup.plan.setup import Setup, Topic
from stillup.rules.iam.services import service_may


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every topic whose policy, weighed as SNS weighs it, lets CloudWatch not publish."""
    live = subject.live
    if live is None or live.setup is None:
        return
    for topic in live.setup.topics:
        if topic.arn is None:
            continue
        is_admitted = service_may(
            topic.policy,
            service="cloudwatch.amazonaws.com",
            action="sns:Publish",
            resource=topic.arn,
            account=topic.arn.split(":")[4],
            source_arn=_alarm_of(topic, live.setup),
        )
        if not is_admitted:
            yield Finding(f"the policy of topic {topic.name} does not let CloudWatch publish", "alert.topic")


def _alarm_of(topic: Topic, setup: Setup) -> str | None:
    return next((alarm.arn for alarm in setup.alarms if topic.arn in alarm.alarm_actions), None)


_CLOSED = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, '
    '"Action": "sns:Publish", "Resource": "*"}]}'
)

RULE = Rule(
    id="SU352",
    title="Topic that refuses CloudWatch",
    severity=Severity.ERROR,
    reason="The alarm goes off and its message is refused: nobody is told, and nothing but CloudWatch's log says so.",
    source="SN-12; SNS Developer Guide, access control use cases",
    remedy="Allow the principal `cloudwatch.amazonaws.com` to sns:Publish on the topic.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, setup=replace(HELD, topics=(replace(HELD_TOPIC, policy=_CLOSED),)))),
    passes=Example(GUIDE, SITE, Live(NOW, setup=HELD)),
    is_live=True,
)
