"""SU021: the public DNS name of an EC2 instance."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, secondaries, side, target_names
from stillup.lint.subject import Subject

_OF_AN_INSTANCE: Final = re.compile(
    r"^ec2-\d+-\d+-\d+-\d+\.(compute-1|[a-z0-9-]+\.compute)\.amazonaws\.com(\.cn)?$"
)


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a CNAME to such a name, on either side."""
    for record in (*primaries(subject.setup), *secondaries(subject.setup)):
        for name in target_names(record):
            if record.alias is None and _OF_AN_INSTANCE.search(name):
                yield Finding(f"{name} is made from the instance's address", f"{side(record)}.name")


RULE = Rule(
    id="SU021",
    title="Name of an instance",
    severity=Severity.WARNING,
    reason="The name has the public address in it, and both change when the instance stops and starts.",
    source="semantics 8.k; the guide's pitfalls",
    remedy="Associate an Elastic IP, and give it as the `address`.",
    find=find,
    fails=Example(
        plan(primary="name: ec2-203-0-113-10.compute-1.amazonaws.com", standby="name: standby.example.net")
    ),
    passes=Example(plan(primary="name: origin.example.net", standby="name: standby.example.net")),
)
