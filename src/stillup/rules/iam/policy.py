"""A policy as a value: what the parsers make (document.py, rules/buckets/policy.py) and evaluate.py weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from stillup.rules.iam.patterns import Context, Matcher, action_glob, matcher, resource_glob

NEW_VERSION: Final = "2012-10-17"
"""The version of the policy language that has variables."""
OLD_VERSION: Final = "2008-10-17"
"""What a policy without a Version is written in."""


class Effect(StrEnum):
    """What a statement does where it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator with one key: `{"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}`."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Patterns:
    """A positive or a negated list: Action or NotAction, Resource or NotResource."""

    values: tuple[str, ...]
    negated: bool
    matcher: Matcher = field(repr=False, compare=False)

    def cover(self, text: str, context: Context) -> bool:
        """Whether the list speaks of this."""
        return self.matcher.matches(text, context) is not self.negated


@dataclass(frozen=True, slots=True)
class Principals:
    """Principal or NotPrincipal: `KIND:VALUE` each, or `*` for everyone."""

    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. Only those of resource-based policies have principals."""

    effect: Effect
    actions: Patterns
    resources: Patterns
    conditions: tuple[Condition, ...] = ()
    principals: Principals | None = None
    sid: str | None = None
    has_variables: bool = True
    """Whether `${…}` means something (version 2012-10-17)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A valid policy, in the order in which it was written."""

    statements: tuple[Statement, ...]


def action_patterns(values: Sequence[str], *, negated: bool = False) -> Patterns:
    """Action or NotAction."""
    return Patterns(tuple(values), negated, matcher(values, action_glob))


def resource_patterns(values: Sequence[str], *, negated: bool = False, variables: bool = True) -> Patterns:
    """Resource or NotResource."""
    return Patterns(tuple(values), negated, matcher(values, resource_glob, variables=variables))
