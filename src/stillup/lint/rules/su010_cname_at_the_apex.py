"""SU010: a zone's own name cannot be a CNAME."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import side
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a CNAME at the zone's name."""
    setup = subject.setup
    cname = next((record for record in setup.records if record.type == "CNAME"), None)
    if setup.name == setup.zone.name and cname is not None:
        yield Finding(f"{setup.name} is the zone itself, and may not be a CNAME", f"{side(cname)}.name")


RULE = Rule(
    id="SU010",
    title="CNAME at the zone's own name",
    severity=Severity.ERROR,
    reason="A CNAME allows nothing beside it, and the zone's name has SOA and NS records: Route 53 refuses it.",
    source="RFC 1034 §3.6.2; AL-4",
    remedy="Give the server's addresses, or an `alias`; or choose `www`.",
    find=find,
    fails=Example(plan(name="example.com", primary="name: origin.example.net"), SITE),
    passes=Example(plan(primary="name: origin.example.net"), SITE),
)
