"""SU004: an alias to an S3 website under another Region's zone id."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, secondaries, side, website
from stillup.lint.subject import Subject
from stillup.rules.ids import HostedZoneId
from stillup.rules.zones.s3_endpoints import ENDPOINT_ZONE_IDS


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every alias whose zone id is not that of the Region in its name."""
    for record in (*primaries(subject.setup), *secondaries(subject.setup)):
        endpoint = website(record)
        if record.alias is None or endpoint is None:
            continue
        right = ENDPOINT_ZONE_IDS[endpoint.region]
        if HostedZoneId(record.alias.zone_id) not in right:
            yield Finding(
                f"{record.alias.dns_name} has the zone id {right[0]}, not {record.alias.zone_id or 'none'}",
                f"{side(record)}.alias.zone-id",
            )


_S3 = "alias: {{zone-id: {}, name: s3-website-us-west-2.amazonaws.com, evaluate-target-health: false}}"

RULE = Rule(
    id="SU004",
    title="Zone id of another Region",
    severity=Severity.ERROR,
    reason="Route 53 refuses the alias, or answers with another Region's endpoint, which knows no such bucket.",
    source="table 3.1, AL-7; the guide's notes on step 3",
    remedy="Give the zone id of the bucket's Region, or let the plan have the `bucket` and its `region`.",
    find=find,
    fails=Example(plan(standby=_S3.format("Z3AQBSTGFYJSTF")), SITE),
    passes=Example(plan(standby=_S3.format("Z3BJ6K6RIION7M")), SITE),
)
