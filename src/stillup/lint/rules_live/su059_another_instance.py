"""SU059: the address leads to another instance than the plan says."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, PublicAddress
from stillup.lint.rules_live.worked import ADDRESS, INSTANCE, NOW, SITE, TYPED_INSTANCE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the plan names instances, and the primary's address leads to one that is not among them."""
    if subject.live is None or subject.typed is None or not subject.typed.primary.instances:
        return
    for address, known in (subject.live.addresses or {}).items():
        if known.instance is not None and known.instance not in subject.typed.primary.instances:
            yield Finding(
                f"{address} leads to {known.instance}, not to {', '.join(subject.typed.primary.instances)}",
                "primary.instances",
            )


def _leads_to(instance: str) -> Live:
    address = PublicAddress(is_ec2=True, is_ours=True, is_elastic=True, is_associated=True, instance=instance)
    return Live(NOW, addresses={ADDRESS: address})


RULE = Rule(
    id="SU059",
    title="Address of another instance",
    severity=Severity.WARNING,
    reason="A drill stops the plan's instances: it would stop a bystander, and the primary would go on answering.",
    source="EC2 User Guide, Elastic IP addresses",
    remedy="Name the instance that the address leads to, or associate the address with the one that is named.",
    find=find,
    fails=Example(TYPED_INSTANCE, SITE, _leads_to("i-0fedcba9876543210")),
    passes=Example(TYPED_INSTANCE, SITE, _leads_to(INSTANCE)),
    is_live=True,
)
