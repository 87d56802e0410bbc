"""SU051: a part of the delegation leads elsewhere, so a part of the visitors never sees the failover."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.worked import GUIDE, HELD, NOW, SERVERS, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the parent names the zone's servers and others beside them."""
    live = subject.live
    if live is None or live.delegation is None or live.setup is None:
        return
    own = set(live.setup.zone.name_servers)
    strangers = [server for server in live.delegation if server not in own]
    if strangers and own & set(live.delegation):
        yield Finding(
            f"the delegation of {live.setup.zone.name} also names {', '.join(strangers)}, which this zone is not "
            "served by",
            "zone",
        )


RULE = Rule(
    id="SU051",
    title="Delegation that leads elsewhere too",
    severity=Severity.WARNING,
    reason="Resolvers choose among the delegated servers: those who ask the others get other answers, or none.",
    source="RFC 1034 §4.2.2",
    remedy="Name the zone's own name servers at the parent, and no others.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, setup=HELD, delegation=(*SERVERS, "ns1.elsewhere.example"))),
    passes=Example(GUIDE, SITE, Live(NOW, setup=HELD, delegation=SERVERS)),
    is_live=True,
)
