"""SU350: nobody has confirmed that he wants to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stillup.lint.examples import HELD_TOPIC
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.worked import GUIDE, HELD, NOW, SITE
from stillup.lint.subject import Subject
from stillup.plan.setup import Subscription


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every topic of the account that has subscriptions and of which none is confirmed, or has none at all."""
    live = subject.live
    if live is None or live.setup is None:
        return
    for topic in live.setup.topics:
        if any(each.is_confirmed for each in topic.subscriptions):
            continue
        asked = ", ".join(each.endpoint for each in topic.subscriptions)
        what = f"not confirmed by {asked}" if asked else "without subscriptions"
        yield Finding(f"topic {topic.name} is {what}", "alert")


_PENDING = replace(HELD_TOPIC, subscriptions=(Subscription("email", "oncall@example.com"),))

RULE = Rule(
    id="SU350",
    title="Alarm that nobody hears",
    severity=Severity.ERROR,
    reason="A subscription that is not confirmed gets nothing: the failover is silent.",
    source="SN-3, SN-4",
    remedy="Open the link in the mail `AWS Notification - Subscription Confirmation`; it is good for two days.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, setup=replace(HELD, topics=(_PENDING,)))),
    passes=Example(GUIDE, SITE, Live(NOW, setup=HELD)),
    is_live=True,
)
