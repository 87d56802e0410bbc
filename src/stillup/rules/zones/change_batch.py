"""A ChangeResourceRecordSets batch as the caller wants it, before it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from stillup.rules.records import RecordSet


class ChangeAction(StrEnum):
    """What a change does to a record set (CH-3)."""

    CREATE = "CREATE"
    DELETE = "DELETE"
    UPSERT = "UPSERT"


@dataclass(frozen=True, slots=True)
class RequestedChange:
    """One change. `faults` are what was wrong with the values when they were read; such values are left out."""

    action: ChangeAction
    record_set: RecordSet
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadableChange:
    """A change of which not even the name could be read, and why."""

    faults: tuple[str, ...]


AnyChange: TypeAlias = RequestedChange | UnreadableChange


@dataclass(frozen=True, slots=True)
class ChangeBatch:
    """Changes that happen together or not at all (CH-2)."""

    changes: tuple[AnyChange, ...]
    comment: str = ""
