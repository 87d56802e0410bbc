"""SU006: Route 53 refuses to evaluate CloudFront's health."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import CLOUDFRONT, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import is_cloudfront, primaries, secondaries, side
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an alias to a distribution with EvaluateTargetHealth true. For an S3 website true is allowed (8.b)."""
    for record in (*primaries(subject.setup), *secondaries(subject.setup)):
        alias = record.alias
        if alias is not None and is_cloudfront(alias) and alias.evaluate_target_health:
            yield Finding(
                f"the health of {alias.dns_name} cannot be evaluated",
                f"{side(record)}.alias.evaluate-target-health",
            )
            return


RULE = Rule(
    id="SU006",
    title="Target health of CloudFront",
    severity=Severity.ERROR,
    reason="Route 53 refuses the record: a distribution has no health that an alias could follow.",
    source="AL-5; semantics 8.b",
    remedy="Write `evaluate-target-health: false`; a CloudFront primary needs a check.",
    find=find,
    fails=Example(plan(standby="alias: {zone-id: Z2FDTNDATAQYW2, name: d111111abcdef8.cloudfront.net}")),
    passes=Example(plan(standby=CLOUDFRONT)),
)
