"""SU314: the mail goes to what has just failed."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a mail address at the failover's own name, unless that is the whole domain's."""
    setup = subject.setup
    for topic in setup.topics:
        for each in topic.subscriptions:
            domain = each.endpoint.rpartition("@")[2].lower()
            if each.protocol.startswith("email") and domain == setup.name != setup.zone.name:
                yield Finding(f"mail for {each.endpoint} goes where {setup.name} leads", "alert.emails")


RULE = Rule(
    id="SU314",
    title="Mail to the failing name",
    severity=Severity.WARNING,
    reason="Without an MX record of its own, mail follows the address records: to the dead primary, then to the standby.",
    source="RFC 5321 §5.1",
    remedy="Use an address at the domain, or better at another one.",
    find=find,
    fails=Example(plan(alert="emails: [oncall@www.example.com]"), SITE),
    passes=Example(plan(alert="emails: [oncall@example.net]"), SITE),
)
