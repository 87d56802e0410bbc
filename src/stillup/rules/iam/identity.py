"""Users, their keys and their policies as values, and who a caller turned out to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stillup.rules.ids import Arn, Instant


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A long-term credential. The secret is needed in clear to verify signatures; it is shown nowhere else."""

    id: str
    """`AKIA…`."""
    secret: str = field(repr=False)
    created_at: Instant
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class User:
    """An IAM user."""

    name: str
    id: str
    """`AIDA…`."""
    arn: Arn
    created_at: Instant
    path: str = "/"
    tags: Mapping[str, str] = field(default_factory=dict)
    access_keys: tuple[AccessKey, ...] = ()
    policies: Mapping[str, str] = field(default_factory=dict)
    """Inline policies: document by name."""
    attached: tuple[Arn, ...] = ()
    """Managed policies."""


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version of a managed policy."""

    id: str
    """`v1`, …"""
    document: str
    created_at: Instant


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A managed policy with its versions, at most five, oldest first."""

    arn: Arn
    name: str
    id: str
    """`ANPA…`."""
    created_at: Instant
    updated_at: Instant
    versions: tuple[PolicyVersion, ...]
    default_version: str
    path: str = "/"
    description: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    latest_version: int = 1
    """The number of the newest version that there ever was; no number is given twice."""

    @property
    def document(self) -> str:
        """What the policy says now."""
        return next(version.document for version in self.versions if version.id == self.default_version)


class PrincipalKind(StrEnum):
    """What a caller is."""

    ROOT = "root"
    USER = "user"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, after the signature was verified."""

    kind: PrincipalKind
    account_id: str
    user: User | None = None
    """For PrincipalKind.USER."""

    @property
    def arn(self) -> str:
        """As `aws:PrincipalArn` has it; `*` for somebody without credentials."""
        match self.kind:
            case PrincipalKind.ROOT:
                return f"arn:aws:iam::{self.account_id}:root"
            case PrincipalKind.ANONYMOUS:
                return "*"
        assert self.user is not None  # noqa: S101 - a user is one
        return self.user.arn

    @property
    def id(self) -> str:
        """`aws:userid`: the account for root, the user's unique id for a user."""
        return self.user.id if self.user is not None else self.account_id
