"""SU212: no bucket can be called as the failover is."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import is_website_standby
from stillup.lint.subject import Subject
from stillup.rules.buckets.names import parse_bucket_name
from stillup.rules.refusal import Refusal


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an S3 website behind a name that S3 refuses as a bucket's."""
    name = subject.setup.name
    if is_website_standby(subject.setup) and isinstance(parse_bucket_name(name), Refusal):
        yield Finding(f"S3 accepts no bucket called {name}", "name")


_S3 = "alias: {zone-id: Z3AQBSTGFYJSTF, name: s3-website-us-east-1.amazonaws.com, evaluate-target-health: false}"

RULE = Rule(
    id="SU212",
    title="Name that no bucket can have",
    severity=Severity.ERROR,
    reason="The bucket must be called as the failover, and S3 takes 3 to 63 letters, digits, dots and hyphens, not beginning with `xn--`.",
    source="AL-7; S3UG:bucketnamingrules",
    remedy="Put CloudFront before a bucket of any name, or choose another name.",
    find=find,
    fails=Example(plan(name="my_shop.example.com", standby=_S3)),
    passes=Example(plan(name="my-shop.example.com", standby=_S3)),
)
