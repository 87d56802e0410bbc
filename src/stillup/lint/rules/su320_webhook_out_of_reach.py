"""SU320: a webhook that SNS cannot reach."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from stillup.lint.examples import ENGINE, SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.rules.su016_address_out_of_reach import is_out_of_reach
from stillup.lint.setups import is_on_engine
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a webhook at a private or local address or name; an engine may be beside it."""
    if is_on_engine(subject):
        return
    for topic in subject.setup.topics:
        for each in topic.subscriptions:
            host = urlsplit(each.endpoint).hostname or ""
            if each.protocol in ("http", "https") and is_out_of_reach(host):
                yield Finding(f"{host} cannot be reached over the Internet", "alert.webhooks")


RULE = Rule(
    id="SU320",
    title="Webhook out of reach",
    severity=Severity.ERROR,
    reason="SNS calls from outside: neither its confirmation nor any message ever arrives.",
    source="SN-3, RFC 6890",
    remedy="Give a public URL, or have a relay that is public pass the messages on.",
    find=find,
    fails=Example(plan(alert="webhooks: ['https://10.0.0.8/alerts']"), SITE),
    passes=Example(plan(alert="webhooks: ['https://10.0.0.8/alerts']", end=ENGINE), SITE),
)
