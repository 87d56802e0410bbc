"""SU160: the primary's certificate expires within three weeks."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Certificate, Live
from stillup.lint.rules_live.worked import DAY, NOW, SITE, TYPED_HTTPS
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found in the last 21 days."""
    live = subject.live
    if live is None or live.certificate is None:
        return
    shown = live.certificate
    if live.now < shown.not_after <= live.now + 21 * DAY:
        yield Finding(
            f"the certificate on port {shown.port} expires in {(shown.not_after - live.now) / DAY:.0f} days",
            "primary",
        )


RULE = Rule(
    id="SU160",
    title="Certificate that expires soon",
    severity=Severity.WARNING,
    reason="When it has, browsers turn visitors away and Route 53, which validates no certificates, does not fail over.",
    source="semantics 8.a",
    remedy="Renew the certificate, and see why it was not renewed by itself.",
    find=find,
    fails=Example(
        TYPED_HTTPS,
        SITE,
        Live(NOW, certificate=Certificate(443, NOW + 5 * DAY, covers_name=True, is_trusted=True)),
    ),
    passes=Example(
        TYPED_HTTPS,
        SITE,
        Live(NOW, certificate=Certificate(443, NOW + 60 * DAY, covers_name=True, is_trusted=True)),
    ),
    is_live=True,
)
