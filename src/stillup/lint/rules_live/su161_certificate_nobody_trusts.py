"""SU161: the primary's certificate is from an issuer that is not trusted."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Certificate, Live
from stillup.lint.rules_live.worked import DAY, NOW, SITE, TYPED_HTTPS
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where name and dates are right, and the chain leads to no trusted issuer."""
    live = subject.live
    if live is None or live.certificate is None:
        return
    shown = live.certificate
    if not shown.is_trusted and shown.covers_name and shown.not_after > live.now:
        yield Finding(
            f"the certificate on port {shown.port} leads to no issuer that this machine trusts", "primary"
        )


RULE = Rule(
    id="SU161",
    title="Certificate that nobody trusts",
    severity=Severity.WARNING,
    reason="Browsers warn visitors away, or the chain is incomplete; Route 53 validates no certificates and stays content.",
    source="semantics 8.a",
    remedy="Send the whole chain, from an issuer that browsers trust.",
    find=find,
    fails=Example(
        TYPED_HTTPS,
        SITE,
        Live(NOW, certificate=Certificate(443, NOW + 60 * DAY, covers_name=True, is_trusted=False)),
    ),
    passes=Example(
        TYPED_HTTPS,
        SITE,
        Live(NOW, certificate=Certificate(443, NOW + 60 * DAY, covers_name=True, is_trusted=True)),
    ),
    is_live=True,
)
