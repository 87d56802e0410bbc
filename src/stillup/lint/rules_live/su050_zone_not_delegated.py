"""SU050: the parent sends visitors to other name servers, so nothing that is set up here is ever asked."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.worked import GUIDE, HELD, NOW, SERVERS, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where none of the zone's own name servers is among those that its parent names."""
    live = subject.live
    if live is None or live.delegation is None or live.setup is None or not live.setup.zone.name_servers:
        return
    zone = live.setup.zone
    if not set(zone.name_servers) & set(live.delegation):
        told = ", ".join(live.delegation) or "nobody"
        yield Finding(
            f"{zone.name} is delegated to {told}, and this zone is served by {', '.join(zone.name_servers)}",
            "zone",
        )


RULE = Rule(
    id="SU050",
    title="Zone that is not delegated to",
    severity=Severity.ERROR,
    reason="Resolvers follow the delegation at the parent; records in a zone that it does not lead to are never asked for.",
    source="RFC 1034 §4.2.2; the guide's prerequisites",
    remedy="Enter the zone's name servers at the registrar or in the parent zone.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, setup=HELD, delegation=("ns1.elsewhere.example",))),
    passes=Example(GUIDE, SITE, Live(NOW, setup=HELD, delegation=SERVERS)),
    is_live=True,
)
