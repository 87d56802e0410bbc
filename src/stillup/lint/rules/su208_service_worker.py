"""SU208: the standby installs something that outlives it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject

_REGISTERS: Final = re.compile(rb"serviceWorker\s*(?:\?\.|\.)\s*register\s*\(")


def find(subject: Subject) -> Iterable[Finding]:
    """Found for the first file that registers a service worker."""
    for key, octets in (subject.folder or {}).items():
        if key.lower().endswith((".html", ".htm", ".js", ".mjs")) and _REGISTERS.search(octets):
            yield Finding(f"{key} registers a service worker", "standby.folder")
            return


RULE = Rule(
    id="SU208",
    title="Service worker on the standby",
    severity=Severity.WARNING,
    reason="It stays in the visitor's browser and answers in the primary's place after the primary is back.",
    source="W3C Service Workers §2.4 (scope)",
    remedy="Let the standby be plain pages.",
    find=find,
    fails=Example(
        plan(),
        {"index.html": "<title>Back soon</title><script>navigator.serviceWorker.register('sw.js')</script>"},
    ),
    passes=Example(
        plan(), {"index.html": "<title>Back soon</title><script>document.title = 'Back soon!'</script>"}
    ),
)
