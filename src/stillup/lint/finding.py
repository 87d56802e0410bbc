"""What a rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stillup.lint.subject import Subject
from stillup.plan.setup import Setup


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """Visitors will not reach the standby, or never come back, or never reached the primary."""
    WARNING = "warning"
    """It works, later or for fewer people than one believes."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is broken. `path` is a place in the plan file: `primary.check.path`, … within the failover."""

    text: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A plan file, with the files of its standby's folder, and what the account or the network would tell."""

    plan: str
    files: Mapping[str, str] = field(default_factory=dict)
    live: object | None = None
    setup: Setup | None = None
    """In place of a plan: what an account holds that was set up by another hand."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pitfall. The id never changes and is never used again."""

    id: str
    """`SU` and three digits."""
    title: str
    severity: Severity
    reason: str
    """Why it hurts."""
    source: str
    """A fact id, an RFC section, a page of AWS's."""
    remedy: str
    """What to do."""
    find: Callable[[Subject], Iterable[Finding]]
    fails: Example
    passes: Example
    is_live: bool = False
    """Needs what only the account or the network can tell."""
