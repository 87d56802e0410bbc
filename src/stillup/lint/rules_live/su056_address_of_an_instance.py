"""SU056: the address is an instance's for as long as it runs."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, PublicAddress
from stillup.lint.rules_live.worked import ADDRESS, GUIDE, INSTANCE, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an address of one of the account's instances that is no Elastic IP."""
    if subject.live is None:
        return
    for address, known in (subject.live.addresses or {}).items():
        if known.is_ours and not known.is_elastic:
            yield Finding(
                f"{address} is no Elastic IP: {known.instance or 'its instance'} gets another one at the next stop",
                "primary.address",
            )


RULE = Rule(
    id="SU056",
    title="Primary without an Elastic IP",
    severity=Severity.ERROR,
    reason=(
        "A public IP that EC2 assigned changes when the instance stops and starts: the record and the check stay "
        "with the old one, and the primary does not come back."
    ),
    source="The guide's pitfalls; semantics 8.k",
    remedy="Allocate an Elastic IP, associate it with the instance, and put it into the plan.",
    find=find,
    fails=Example(
        GUIDE,
        SITE,
        Live(NOW, addresses={ADDRESS: PublicAddress(is_ec2=True, is_ours=True, instance=INSTANCE)}),
    ),
    passes=Example(
        GUIDE,
        SITE,
        Live(
            NOW,
            addresses={
                ADDRESS: PublicAddress(
                    is_ec2=True, is_ours=True, is_elastic=True, is_associated=True, instance=INSTANCE
                )
            },
        ),
    ),
    is_live=True,
)
