"""SU158: the primary's certificate has expired, and the check does not see it."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Certificate, Live
from stillup.lint.rules_live.worked import DAY, NOW, SITE, TYPED_HTTPS
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found after the certificate's last moment."""
    live = subject.live
    if live is None or live.certificate is None:
        return
    shown = live.certificate
    if shown.not_after <= live.now:
        yield Finding(
            f"the certificate on port {shown.port} expired {(live.now - shown.not_after) / DAY:.0f} days ago",
            "primary",
        )


RULE = Rule(
    id="SU158",
    title="Expired certificate",
    severity=Severity.ERROR,
    reason="Route 53 validates no certificates: visitors are turned away by their browsers while the check stays well.",
    source="semantics 8.a, HC-16",
    remedy="Renew the certificate.",
    find=find,
    fails=Example(
        TYPED_HTTPS,
        SITE,
        Live(NOW, certificate=Certificate(443, NOW - DAY, covers_name=True, is_trusted=True)),
    ),
    passes=Example(
        TYPED_HTTPS,
        SITE,
        Live(NOW, certificate=Certificate(443, NOW + 60 * DAY, covers_name=True, is_trusted=True)),
    ),
    is_live=True,
)
