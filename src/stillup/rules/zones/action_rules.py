"""What a batch may do to a record set, by its identity: name, type and SetIdentifier (CH-1, CH-3)."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from stillup.rules.records import RecordSet, RecordSetKey
from stillup.rules.zones.change_batch import ChangeAction, ChangeBatch, RequestedChange


def contradictions(batch: ChangeBatch) -> dict[RecordSetKey, int]:
    """The record sets that a batch cannot mean to change so, with the position of the second change.

    | changes to one record set, in order | outcome                        |
    |-------------------------------------|--------------------------------|
    | one of any kind                     | fine                           |
    | DELETE, CREATE                      | fine: the set is replaced      |
    | anything else, DELETE twice too     | an invalid set of changes (CH-3) |
    """
    actions: dict[RecordSetKey, list[tuple[int, ChangeAction]]] = {}
    for position, change in enumerate(batch.changes):
        if isinstance(change, RequestedChange):
            actions.setdefault(change.record_set.key, []).append((position, change.action))
    return {
        key: each[1][0]
        for key, each in actions.items()
        if len(each) > 1 and [action for _, action in each] != [ChangeAction.DELETE, ChangeAction.CREATE]
    }


def contradiction(key: RecordSetKey) -> str:
    """What an InvalidChangeBatch says of such a record set."""
    return f"The request contains an invalid set of changes for a resource record set '{key.type} {key.name}'"


def problem_with_action(change: RequestedChange, current: RecordSet | None) -> str | None:
    """What speaks against the action, where `current` is the set as it is now, or None if it is not there.

    | action | the set exists | with the same values | outcome                                  |
    |--------|----------------|----------------------|------------------------------------------|
    | CREATE | no             | –                    | created                                  |
    | CREATE | yes            | any                  | `… but it already exists`                |
    | UPSERT | any            | any                  | created or replaced                      |
    | DELETE | no             | –                    | `… but it was not found`                 |
    | DELETE | yes            | no                   | `… do not match the current values`      |
    | DELETE | yes            | yes                  | deleted                                  |
    """
    key = change.record_set.key
    match change.action:
        case ChangeAction.UPSERT:
            return None
        case ChangeAction.CREATE:
            if current is None:
                return None
            return f"Tried to create resource record set {_shown(key)} but it already exists"
        case ChangeAction.DELETE:
            if current is None:
                return f"Tried to delete resource record set {_shown(key)} but it was not found"
            if change.faults or _says_the_same(change.record_set, current):
                return None
            return (
                f"Tried to delete resource record set {_shown(key)}"
                " but the values provided do not match the current values"
            )
    assert_never(change.action)


def _says_the_same(one: RecordSet, other: RecordSet) -> bool:
    """Whether both mean the same; the order and the spelling of the values do not matter."""
    return replace(one, records=()) == replace(other, records=()) and sorted(
        each.wire for each in one.records
    ) == sorted(each.wire for each in other.records)


def _shown(key: RecordSetKey) -> str:
    identifier = "" if key.set_identifier is None else f", set-identifier='{key.set_identifier}'"
    return f"[name='{key.name}', type='{key.type}'{identifier}]"
