"""SU013: both sides are of a kind that a name can have only once."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import CLOUDFRONT, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import is_cloudfront, primaries, secondaries, website
from stillup.lint.subject import Subject
from stillup.plan.setup import Record


def find(subject: Subject) -> Iterable[Finding]:
    """Found where both sides are CloudFront distributions, or both S3 websites."""
    first = {_kind(record) for record in primaries(subject.setup)}
    second = {_kind(record) for record in secondaries(subject.setup)}
    both = next((kind for kind in first & second if kind is not None), None)
    if both is not None:
        yield Finding(f"both sides are {both}, and {subject.setup.name} can be on one only", "standby")


def _kind(record: Record) -> str | None:
    if record.alias is not None and is_cloudfront(record.alias):
        return "CloudFront distributions"
    return None if website(record) is None else "S3 websites"


_FIRST = (
    "alias: {zone-id: Z2FDTNDATAQYW2, name: d222222abcdef8.cloudfront.net, evaluate-target-health: false}"
)

RULE = Rule(
    id="SU013",
    title="Twice what a name can have once",
    severity=Severity.ERROR,
    reason=(
        "A name can be an alternate name of one distribution, and the name of one bucket: the other side refuses its "
        "visitors."
    ),
    source="AL-7, AL-9",
    remedy="Let CloudFront itself fail over between two origins, or choose another kind of standby.",
    find=find,
    fails=Example(
        plan(primary=_FIRST, check="type: https, path: /health, host: origin.example.com", standby=CLOUDFRONT)
    ),
    passes=Example(plan(check="type: https, path: /health", standby=CLOUDFRONT)),
)
