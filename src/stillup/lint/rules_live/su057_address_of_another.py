"""SU057: the address belongs to somebody else, or to nobody any more."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, PublicAddress
from stillup.lint.rules_live.worked import ADDRESS, GUIDE, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an address that is EC2's, or that the plan says an instance has, and that the account does not hold."""
    if subject.live is None:
        return
    has_instances = subject.typed is not None and bool(subject.typed.primary.instances)
    for address, known in (subject.live.addresses or {}).items():
        if not known.is_ours and (known.is_ec2 or has_instances):
            yield Finding(f"{address} is not, or no longer, an address of this account", "primary.address")


RULE = Rule(
    id="SU057",
    title="Primary's address is not this account's",
    severity=Severity.ERROR,
    reason=(
        "A released address is given to somebody else: visitors and probes go to a stranger, whose server may even "
        "pass the check."
    ),
    source="semantics 8.k, M:route53/HealthCheckConfig.IPAddress",
    remedy="Put the address that the primary has now into the plan, or check with the account that holds this one.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, addresses={ADDRESS: PublicAddress(is_ec2=True, is_ours=False)})),
    passes=Example(GUIDE, SITE, Live(NOW, addresses={ADDRESS: PublicAddress(is_ec2=False, is_ours=False)})),
    is_live=True,
)
