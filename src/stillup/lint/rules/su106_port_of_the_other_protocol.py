"""SU106: plain HTTP at the HTTPS port, or the other way round."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import configs
from stillup.lint.subject import Subject

OTHERS_PORTS: Final = {"HTTP": (443, 8443), "HTTPS": (80, 8080)}


def find(subject: Subject) -> Iterable[Finding]:
    """Found for HTTP at ports 443 and 8443, and HTTPS at ports 80 and 8080 (IANA: http-alt)."""
    for path, config in configs(subject.setup):
        protocol = config.type.removesuffix("_STR_MATCH")
        if config.port in OTHERS_PORTS.get(protocol, ()):
            yield Finding(f"{protocol} is spoken to port {config.port}", f"{path}.port")


RULE = Rule(
    id="SU106",
    title="Port of the other protocol",
    severity=Severity.ERROR,
    reason="A TLS server answers plain HTTP with 400, a plain one cannot answer TLS: the check always fails.",
    source="HC-1, HC-10, RFC 9110 §4.2",
    remedy="Leave `port` out, or choose the `type` that is spoken there.",
    find=find,
    fails=Example(plan(check="path: /health, port: 443"), SITE),
    passes=Example(plan(check="path: /health, port: 8080"), SITE),
)
