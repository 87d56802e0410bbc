"""The order in which steps are safe.

1. What is made or changed, in the order of `Kind`: the bucket before its policy, everything before the record.
2. The records, all together and so in one change batch: visitors never see half of it.
3. What is deleted, the other way round: nothing goes while a record points at it. The checks go last, since a run
   that ends before that finds the rest through them (`plan.places`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.plan.step import Action, Kind, Step

_POSITIONS: Final = {kind: position for position, kind in enumerate(Kind)}


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps in a safe order; those of one kind stay as they are, the deleted records first."""
    return tuple(sorted(steps, key=_position))


def _position(step: Step) -> tuple[int, int]:
    deletes = step.action is Action.DELETE
    if step.kind is Kind.RECORD:
        return 1, 0 if deletes else 1
    if deletes:
        return (3, 0) if step.kind is Kind.CHECK else (2, -_POSITIONS[step.kind])
    return 0, _POSITIONS[step.kind]
