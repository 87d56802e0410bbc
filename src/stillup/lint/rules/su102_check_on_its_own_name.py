"""SU102: the check follows the failover that it decides."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import configs
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a check that looks the failover's own name up, having no address to go to."""
    for path, config in configs(subject.setup):
        if config.ip_address is None and (config.fqdn or "").lower().removesuffix(".") == subject.setup.name:
            yield Finding(
                f"the check looks up {subject.setup.name}, and probes whatever that answers", f"{path}.host"
            )


RULE = Rule(
    id="SU102",
    title="Check on the failover's own name",
    severity=Severity.ERROR,
    reason=(
        "When the primary fails, the name leads to the standby; the check finds that well and brings the dead "
        "primary back, again and again."
    ),
    source="HC-12",
    remedy="Probe the primary itself: by `check.address`, or by a name that only the primary has.",
    find=find,
    fails=Example(
        plan(primary="name: origin.example.net", check="path: /health, host: www.example.com"), SITE
    ),
    passes=Example(plan(primary="name: origin.example.net"), SITE),
)
