"""SU353: the topic is encrypted with a key that CloudWatch may not use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stillup.lint.examples import HELD_TOPIC
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.worked import GUIDE, HELD, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every topic under the AWS-managed key `alias/aws/sns`."""
    live = subject.live
    if live is None or live.setup is None:
        return
    for topic in live.setup.topics:
        if topic.kms_key is not None and topic.kms_key.endswith("alias/aws/sns"):
            yield Finding(f"topic {topic.name} is encrypted with {topic.kms_key}", "alert.topic")


_ENCRYPTED = replace(HELD_TOPIC, kms_key="alias/aws/sns")

RULE = Rule(
    id="SU353",
    title="Topic under the AWS-managed key",
    severity=Severity.ERROR,
    reason="The key's policy cannot be changed and does not admit CloudWatch: the alarm goes off and nobody is told.",
    source="SN-12; SNS Developer Guide, key management",
    remedy="Use a key of your own whose policy admits cloudwatch.amazonaws.com, or no encryption.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, setup=replace(HELD, topics=(_ENCRYPTED,)))),
    passes=Example(GUIDE, SITE, Live(NOW, setup=HELD)),
    is_live=True,
)
