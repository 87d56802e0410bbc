"""SU058: the Elastic IP leads to nothing."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, PublicAddress
from stillup.lint.rules_live.worked import ADDRESS, GUIDE, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an Elastic IP of the account that is not associated."""
    if subject.live is None:
        return
    for address, known in (subject.live.addresses or {}).items():
        if known.is_elastic and not known.is_associated:
            yield Finding(f"{address} is an Elastic IP that is associated with nothing", "primary.address")


RULE = Rule(
    id="SU058",
    title="Elastic IP that leads nowhere",
    severity=Severity.ERROR,
    reason="Nobody answers there: the check fails for good, and visitors stay at the standby.",
    source="EC2 User Guide, Elastic IP addresses",
    remedy="Associate the address with the primary's instance.",
    find=find,
    fails=Example(
        GUIDE,
        SITE,
        Live(NOW, addresses={ADDRESS: PublicAddress(is_ec2=True, is_ours=True, is_elastic=True)}),
    ),
    passes=Example(
        GUIDE,
        SITE,
        Live(
            NOW,
            addresses={
                ADDRESS: PublicAddress(is_ec2=True, is_ours=True, is_elastic=True, is_associated=True)
            },
        ),
    ),
    is_live=True,
)
