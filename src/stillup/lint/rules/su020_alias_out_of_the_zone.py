"""SU020: an alias to a record of another zone."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import AWS_DOMAINS, primaries, secondaries, side
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """
    | the alias leads to              | the zone is known by | found                                          |
    |---------------------------------|----------------------|------------------------------------------------|
    | a resource under AWS's names    | any                  | no: SU007 looks at its id                      |
    | a name in the zone              | its name             | no                                             |
    | a name elsewhere                | its name             | yes                                            |
    | a name with another last label  | its id only          | yes: both would have to be in the zone         |
    | any other                       | its id only          | no                                             |
    """
    setup = subject.setup
    zone = setup.zone.name or setup.name.rpartition(".")[2]
    for record in (*primaries(setup), *secondaries(setup)):
        name = "" if record.alias is None else record.alias.dns_name
        if name and not f".{name}".endswith((*AWS_DOMAINS, f".{zone}")):
            yield Finding(
                f"{name} is in no zone of AWS's, nor in that of {setup.name}", f"{side(record)}.alias.name"
            )
            return


_STANDBY = "alias: {{zone-id: Z0123456789ABCDEFGHIJ, name: {}}}"

RULE = Rule(
    id="SU020",
    title="Alias to another zone",
    severity=Severity.ERROR,
    reason="Besides AWS's own resources an alias leads to records of its own zone only; Route 53 refuses all others.",
    source="AL-3",
    remedy="Give the server by its `address`, or make both sides a `name`.",
    find=find,
    fails=Example(plan(standby=_STANDBY.format("standby.example.net"))),
    passes=Example(plan(standby=_STANDBY.format("standby.example.com"))),
)
