"""SU314: the mail goes to what has just failed."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primary_hosts
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a mail address at the failover's own name or the primary's.

    Not where that is a whole domain, such as `example.net`, whose mail goes elsewhere.
    """
    hosts = {host for host in primary_hosts(subject.setup) if host.count(".") > 1} - {subject.setup.zone.name}
    for topic in subject.setup.topics:
        for each in topic.subscriptions:
            domain = each.endpoint.rpartition("@")[2].lower()
            if each.protocol.startswith("email") and domain in hosts:
                yield Finding(f"mail for {each.endpoint} goes where {domain} leads", "alert.emails")


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
