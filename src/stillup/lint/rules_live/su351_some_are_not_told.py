"""SU351: some have not confirmed that they want to be told."""

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
    """Found for every pending subscription of a topic that somebody else has confirmed."""
    live = subject.live
    if live is None or live.setup is None:
        return
    for topic in live.setup.topics:
        pending = [each.endpoint for each in topic.subscriptions if not each.is_confirmed]
        if pending and len(pending) < len(topic.subscriptions):
            yield Finding(f"topic {topic.name} is not confirmed by {', '.join(pending)}", "alert")


_HALF = replace(HELD_TOPIC, subscriptions=(*HELD_TOPIC.subscriptions, Subscription("email", "b@example.com")))

RULE = Rule(
    id="SU351",
    title="Subscription that is not confirmed",
    severity=Severity.WARNING,
    reason="Whoever has not confirmed is not told.",
    source="SN-3, SN-4",
    remedy="Ask them to open the link in the confirmation mail, or take them out of the plan.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, setup=replace(HELD, topics=(_HALF,)))),
    passes=Example(GUIDE, SITE, Live(NOW, setup=HELD)),
    is_live=True,
)
