"""SU122: the standby's check looks for what the standby does not say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject

FIRST_OCTETS: Final = 5120
"""Table 1.1."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the page of the folder that the check asks for has the string late, or not at all."""
    typed, folder = subject.typed, subject.folder
    check = None if typed is None else typed.standby.check
    if typed is None or folder is None or check is None or check.string is None:
        return
    key = (check.path or "/").partition("?")[0].removeprefix("/") or typed.standby.index
    page = folder.get(key)
    if page is not None and check.string.encode() not in page[:FIRST_OCTETS]:
        yield Finding(
            f"{key} has not {check.string!r} in its first {FIRST_OCTETS:,} bytes", "standby.check.string"
        )


RULE = Rule(
    id="SU122",
    title="String that the standby does not show",
    severity=Severity.ERROR,
    reason="The standby is never healthy, and when both sides are ill Route 53 answers with the primary.",
    source="table 1.1; semantics 2.1",
    remedy="Choose a string from the top of the page; case matters. Or leave the standby's check out.",
    find=find,
    fails=Example(plan(standby="folder: maintenance, check: {string: All is well}"), SITE),
    passes=Example(plan(standby="folder: maintenance, check: {string: Back soon}"), SITE),
)
