"""SU008: nothing ever says that the primary is ill."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an alias PRIMARY without a check whose target's health is not evaluated either."""
    for record in primaries(subject.setup):
        if record.alias is not None and record.check is None and not record.alias.evaluate_target_health:
            yield Finding(f"nothing watches {record.alias.dns_name}", "primary")
            return


_BALANCER = "alias: {{zone-id: Z35SXDOTRQ7X7K, name: web-1234567890.us-east-1.elb.amazonaws.com, evaluate-target-health: {}}}"

RULE = Rule(
    id="SU008",
    title="Alias primary that is always well",
    severity=Severity.ERROR,
    reason="A record without a check and without target health counts as healthy for ever: nobody is ever sent away.",
    source="semantics 2.2, RT-9",
    remedy="Give the primary a `check`, or let `evaluate-target-health` be true where the target has any health.",
    find=find,
    fails=Example(plan(primary=_BALANCER.format("false"), check=None), SITE),
    passes=Example(
        plan(primary=_BALANCER.format("false"), check="path: /health, host: lb.example.com"), SITE
    ),
)
