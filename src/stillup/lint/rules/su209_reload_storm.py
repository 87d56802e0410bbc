"""SU209: the standby's page loads itself again and again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.pages import host_of, refresh, tags
from stillup.lint.subject import Subject

SHORTEST: Final = 5
"""Seconds."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found for the first page with a refresh, to its own name, in less than five seconds."""
    for tag in tags(subject.folder or {}):
        found = refresh(tag)
        if found is not None and found[0] < SHORTEST and _comes_back(found[1], subject.setup.name):
            yield Finding(
                f"{tag.key} loads {found[1] or 'itself'} again after {found[0]} s", "standby.folder"
            )
            return


def _comes_back(target: str, name: str) -> bool:
    return host_of(target) in (None, name)


RULE = Rule(
    id="SU209",
    title="Page that reloads at once",
    severity=Severity.WARNING,
    reason=(
        "The name leads to the standby, so the visitor turns in a circle; and when the primary comes up, all of them "
        "fall upon it at the same second."
    ),
    source="HTML Standard §4.2.5.3 (refresh)",
    remedy="Reload after half a minute or so, or leave it to the visitor.",
    find=find,
    fails=Example(
        plan(), {"index.html": '<meta http-equiv="refresh" content="0; url=/"><title>Back soon</title>'}
    ),
    passes=Example(
        plan(), {"index.html": '<meta http-equiv="refresh" content="30"><title>Back soon</title>'}
    ),
)
