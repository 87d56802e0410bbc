"""SU107: an open port is taken for a site that works."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import is_website_standby, primary_config
from stillup.lint.subject import Subject

WEB_PORTS: Final = (80, 443, 8080, 8443)


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a TCP check at a port of the web, where a website is meant, or where no port is typed."""
    config = primary_config(subject.setup)
    if config is None or config.type != "TCP" or config.port not in WEB_PORTS:
        return
    typed = None if subject.typed is None else subject.typed.primary.check
    if typed is not None and typed.port is None:
        yield Finding(f"no port is typed, and it is enough that {config.port} opens", "primary.check.type")
    elif _is_website(subject):
        yield Finding(f"it is enough that port {config.port} opens", "primary.check.type")


def _is_website(subject: Subject) -> bool:
    """By what the standby is, or because a drill visits it."""
    visited = subject.typed is not None and subject.typed.drill.visit is not None
    return visited or is_website_standby(subject.setup) or subject.folder is not None


RULE = Rule(
    id="SU107",
    title="Open port taken for a working site",
    severity=Severity.WARNING,
    reason="A server that answers 500, or hangs, still accepts connections: visitors stay with it.",
    source="table 1.1",
    remedy="Check by `http` or `https`, with a path that fails when the site does; another service needs its `port`.",
    find=find,
    fails=Example(plan(check="type: tcp, port: 80"), SITE),
    passes=Example(plan(check="type: tcp, port: 5432", standby="address: 198.51.100.20")),
)
