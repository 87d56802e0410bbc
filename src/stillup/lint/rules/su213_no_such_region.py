"""SU213: a Region where no S3 website is known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject
from stillup.rules.zones.s3_endpoints import ENDPOINT_ZONE_IDS


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a bucket in a Region that is not in the table of website endpoints."""
    bucket = subject.setup.bucket
    if bucket is None or bucket.region in ENDPOINT_ZONE_IDS:
        return
    close = get_close_matches(bucket.region, ENDPOINT_ZONE_IDS, n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    yield Finding(f"no S3 website endpoint is known in {bucket.region}{hint}", "standby.region")


RULE = Rule(
    id="SU213",
    title="Region without an S3 website",
    severity=Severity.ERROR,
    reason="An alias needs the zone id of the Region's website endpoint, and AWS publishes none for this Region.",
    source="table 3.1",
    remedy="Choose a Region of AWS's list of website endpoints; it need not be the primary's.",
    find=find,
    fails=Example(plan(standby="folder: maintenance, region: us-est-1"), SITE),
    passes=Example(plan(standby="folder: maintenance, region: eu-central-1"), SITE),
)
