"""SU005: the bucket is in the alias's name, where it says nothing."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, secondaries, side, website
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an alias to `BUCKET.s3-website-REGION.amazonaws.com`."""
    for record in (*primaries(subject.setup), *secondaries(subject.setup)):
        endpoint = website(record)
        if record.alias is not None and endpoint is not None and endpoint.bucket is not None:
            bare = record.alias.dns_name.removeprefix(f"{endpoint.bucket}.")
            yield Finding(
                f"the alias names {record.alias.dns_name}; AWS documents {bare}", f"{side(record)}.alias.name"
            )
            return


_S3 = "alias: {{zone-id: Z3AQBSTGFYJSTF, name: {}s3-website-us-east-1.amazonaws.com, evaluate-target-health: false}}"

RULE = Rule(
    id="SU005",
    title="Alias that carries the bucket",
    severity=Severity.NOTE,
    reason=(
        "An alias leads to the Region's endpoint, whatever stands before it; only the Host header chooses the bucket. "
        "The longer name works, and makes one believe that another bucket could be named in it."
    ),
    source="AL-7; the guide's step 3",
    remedy="Name the bare endpoint.",
    find=find,
    fails=Example(plan(standby=_S3.format("www.example.com.")), SITE),
    passes=Example(plan(standby=_S3.format("")), SITE),
)
