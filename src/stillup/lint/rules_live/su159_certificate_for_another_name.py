"""SU159: the primary's certificate is for another name."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Certificate, Live
from stillup.lint.rules_live.worked import DAY, NOW, SITE, TYPED_HTTPS
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the certificate is valid in time, and does not cover the failover's name."""
    live = subject.live
    if live is None or live.certificate is None:
        return
    shown = live.certificate
    if not shown.covers_name and shown.not_after > live.now:
        yield Finding(
            f"the certificate on port {shown.port} is for {', '.join(shown.names) or 'no name'}", "primary"
        )


RULE = Rule(
    id="SU159",
    title="Certificate for another name",
    severity=Severity.ERROR,
    reason="Route 53 validates no certificates: visitors are turned away by their browsers while the check stays well.",
    source="semantics 8.a, RFC 9525",
    remedy="Get a certificate that names the failover.",
    find=find,
    fails=Example(
        TYPED_HTTPS,
        SITE,
        Live(
            NOW,
            certificate=Certificate(
                443, NOW + 60 * DAY, covers_name=False, is_trusted=True, names=("example.net",)
            ),
        ),
    ),
    passes=Example(
        TYPED_HTTPS,
        SITE,
        Live(NOW, certificate=Certificate(443, NOW + 60 * DAY, covers_name=True, is_trusted=True)),
    ),
    is_live=True,
)
