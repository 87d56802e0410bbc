"""SU114: a path that no server understands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import configs
from stillup.lint.subject import Subject

_WRONG: Final = re.compile(r"://|#|[^!-~]")


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a whole URL, a fragment, white space or what is not ASCII in the place of a path."""
    for path, config in configs(subject.setup):
        if config.resource_path is not None and _WRONG.search(config.resource_path.partition("?")[0]):
            yield Finding(f"{config.resource_path.removeprefix('/')!r} is no path", f"{path}.path")


RULE = Rule(
    id="SU114",
    title="Path that is no path",
    severity=Severity.ERROR,
    reason="It is sent to the server as it stands, after `GET `: a whole URL, a fragment, a space or a typographic quote gets 400 or 404.",
    source="HC-9, RFC 9112 §3.2.1",
    remedy="Give the path and the query string only, such as `/health?full=1`, with `%20` for a space and `%C3%BC` for ü.",
    find=find,
    fails=Example(plan(check="path: 'http://www.example.com/health'"), SITE),
    passes=Example(plan(check="path: '/health?full=1'"), SITE),
)
