"""SU108: a TLS check that does not say which host it wants."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import CLOUDFRONT, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import configs
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for HTTPS with EnableSNI off, or without a name to send."""
    for path, config in configs(subject.setup):
        if config.type.startswith("HTTPS") and (config.enable_sni is False or config.fqdn is None):
            yield Finding("the check's TLS handshake names no host", f"{path}.sni")


RULE = Rule(
    id="SU108",
    title="HTTPS without SNI",
    severity=Severity.WARNING,
    reason=(
        "A server with several certificates ends the handshake: the check fails though the site is well. It is this, "
        "not an invalid certificate, that fails an HTTPS check: certificates are not verified."
    ),
    source="HC-14, HC-17; semantics 8.a",
    remedy="Leave `sni` out, and give the `host`.",
    find=find,
    fails=Example(plan(check="type: https, path: /health, sni: false", standby=CLOUDFRONT)),
    passes=Example(plan(check="type: https, path: /health", standby=CLOUDFRONT)),
)
