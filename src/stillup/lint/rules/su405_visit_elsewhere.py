"""SU405: the drill watches another site."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject
from stillup.rules.names import DomainName, InvalidName


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the drill's visitor opens another name than the failover's; any name within a wildcard is right."""
    visit = None if subject.typed is None else subject.typed.drill.visit
    if visit is None:
        return
    host, name = urlsplit(visit).hostname or "", subject.setup.name
    parent = name.removeprefix("\\052.")
    is_within = host.endswith(f".{parent}") if parent != name else _plain(host) == name
    if not is_within:
        yield Finding(f"the drill visits {host}, and {name} fails over", "drill.visit")


def _plain(host: str) -> str:
    try:
        return DomainName.from_text(host).to_text().removesuffix(".")
    except InvalidName:
        return host


RULE = Rule(
    id="SU405",
    title="Drill that visits another site",
    severity=Severity.ERROR,
    reason="The report tells how another name fared; it says nothing about this failover.",
    source="docs: drill",
    remedy="Leave `visit` out, or give a URL on the failover's name.",
    find=find,
    fails=Example(plan(more="drill: {visit: 'http://origin.example.com/'}"), SITE),
    passes=Example(plan(more="drill: {visit: 'http://www.example.com/shop'}"), SITE),
)
