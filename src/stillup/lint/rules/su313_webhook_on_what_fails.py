"""SU313: the message goes to what has just failed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primary_hosts
from stillup.lint.subject import Subject

_AT_HOME: Final = frozenset(("127.0.0.1", "::1", "localhost"))


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a webhook on the failover's own name, or on the primary; at home all are on one machine."""
    hosts = primary_hosts(subject.setup) - _AT_HOME
    for topic in subject.setup.topics:
        for each in topic.subscriptions:
            if each.protocol in ("http", "https") and urlsplit(each.endpoint).hostname in hosts:
                yield Finding(f"{each.endpoint} is on the primary", "alert.webhooks")


RULE = Rule(
    id="SU313",
    title="Webhook on the primary",
    severity=Severity.ERROR,
    reason="When the primary fails so does the webhook, or the standby takes the message for a visitor and throws it away.",
    source="SN-9, SN-10",
    remedy="Let the webhook be on another machine, under another name.",
    find=find,
    fails=Example(plan(alert="webhooks: ['https://www.example.com/alerts']"), SITE),
    passes=Example(plan(alert="webhooks: ['https://hooks.example.net/alerts']"), SITE),
)
