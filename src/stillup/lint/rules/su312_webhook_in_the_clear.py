"""SU312: a webhook that anybody on the way may read, and forge."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for `http:` to a name or an address outside one's own network."""
    for topic in subject.setup.topics:
        for each in topic.subscriptions:
            if each.protocol == "http" and not _is_at_home(urlsplit(each.endpoint).hostname or ""):
                yield Finding(f"{each.endpoint} is plain HTTP", "alert.webhooks")


def _is_at_home(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host


RULE = Rule(
    id="SU312",
    title="Webhook in the clear",
    severity=Severity.WARNING,
    reason="The message carries the link that ends the subscription: whoever reads it on the way can silence the alert.",
    source="SN-4, SN-7",
    remedy="Use an `https:` URL.",
    find=find,
    fails=Example(plan(alert="webhooks: ['http://hooks.example.net/alerts']"), SITE),
    passes=Example(plan(alert="webhooks: ['https://hooks.example.net/alerts']"), SITE),
)
