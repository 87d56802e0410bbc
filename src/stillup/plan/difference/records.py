"""The records at the failover's name: the pair for each type, and what is in its way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from stillup.plan.difference.compare import compare, record_attributes
from stillup.plan.difference.part import Part, note_not_ours, refuse_not_ours, together
from stillup.plan.ownership import owns_records
from stillup.plan.references import reference
from stillup.plan.setup import Record, Setup
from stillup.plan.step import Action, Difference, Kind, Refusal, Step

_REPLACEABLE: Final = ("A", "AAAA", "CNAME")
"""Types that may give way to a failover pair; mail and the like never do."""


def record_part(desired: Setup, actual: Setup, ids: Mapping[str, str], *, adopt: bool) -> Part:
    """What to do about the records, type by type.

    | asked for | there is                     | what differs ¹ | adopt | then                                            |
    |-----------|------------------------------|----------------|-------|-------------------------------------------------|
    | a pair    | nothing                      |                | any   | CREATE                                          |
    | a pair    | ours                         | anything       | any   | each CREATE, UPDATE or DELETE                   |
    | a pair    | another's failover pair      | nothing        | any   | nothing, with a note                            |
    | a pair    | another's failover pair      | anything       | no    | refused                                         |
    | a pair    | another's failover pair      | anything       | yes   | ADOPT or CREATE, identifiers kept               |
    | a pair    | simple, weighted, …          |                | no    | refused                                         |
    | a pair    | simple, weighted, …          |                | yes   | DELETE all of them, CREATE the pair             |
    | a CNAME   | anything else at the name    |                |       | as a record that is in the way ²                |
    | A, AAAA   | a CNAME at the name          |                |       | as a record that is in the way ²                |
    | nothing   | ours                         |                | any   | DELETE                                          |
    | nothing   | another's                    |                | no    | nothing                                         |
    | nothing   | another's, with our check ³  |                | yes   | DELETE                                          |

    ¹ By role; set identifiers do not matter. ² Ours: DELETE. Another's A, AAAA or CNAME: with adopt DELETE, else refused.
    Another's TXT, MX, …: refused. ³ With the check being taken over, the records that it decides about are ours too. All steps for records belong in one change batch.
    """
    wanted = _by_type(_resolved(record, ids) for record in desired.records)
    found = _by_type(actual.records)
    taken_over = {
        ids.get(f"check/{key}") for key, check in desired.checks.items() if check.config is not None
    }
    parts = [
        _group(actual, type_, records, found.get(type_, []), adopt=adopt) for type_, records in wanted.items()
    ]
    others = [
        _other_group(
            actual,
            type_,
            records,
            is_ours=owns_records(records, actual) or (adopt and _names_check(records, taken_over)),
            in_the_way=_clashes(type_, wanted),
            adopt=adopt,
        )
        for type_, records in found.items()
        if type_ not in wanted
    ]
    return together((*parts, *others))


def record_deletion(record: Record, failover: str, *, why: str | None = None) -> Step:
    """The step that deletes a record."""
    return Step(Action.DELETE, Kind.RECORD, failover, _address(record), record, None, why=why)


def own_records(actual: Setup) -> list[Record]:
    """The records that are the failover's own."""
    groups = _by_type(actual.records).values()
    return [record for group in groups if owns_records(group, actual) for record in group]


def _resolved(record: Record, ids: Mapping[str, str]) -> Record:
    if record.check is None:
        return record
    address = f"check/{record.check}"
    return replace(record, check=ids.get(address, reference(address)))


def _by_type(records: Iterable[Record]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.type, []).append(record)
    return groups


def _clashes(type_: str, wanted: Mapping[str, list[Record]]) -> bool:
    """A CNAME stands alone at its name (AL-4)."""
    return "CNAME" in wanted or (type_ == "CNAME" and bool(wanted))


def _names_check(records: Iterable[Record], ids: Collection[str | None]) -> bool:
    return any(
        record.failover == "PRIMARY" and record.check is not None and record.check in ids
        for record in records
    )


def _group(actual: Setup, type_: str, wanted: list[Record], found: list[Record], *, adopt: bool) -> Part:
    failover = actual.name
    if not found:
        return Part(steps=tuple(_creation(failover, record) for record in wanted))
    if owns_records(found, actual):
        return Part(steps=tuple(_changes(failover, wanted, found, Action.UPDATE)))
    what = f"The {type_} record of {failover}"
    if any(record.failover is None for record in found):
        if not adopt:
            return Part(refusals=(_refuse_in_the_way(what, found),))
        why = "Gives way to the failover pair, in the same change."
        gone = (record_deletion(record, failover, why=why) for record in found)
        return Part(steps=(*gone, *(_creation(failover, record) for record in wanted)))
    steps = tuple(_changes(failover, wanted, found, Action.ADOPT))
    if not steps:
        return Part(notes=(note_not_ours(f"The failover pair of type {type_} of {failover}"),))
    if adopt:
        return Part(steps=steps)
    return Part(refusals=tuple(_refuse_changes(failover, steps)))


def _other_group(
    actual: Setup, type_: str, found: list[Record], *, is_ours: bool, in_the_way: bool, adopt: bool
) -> Part:
    what = f"The {type_} record of {actual.name}"
    if not is_ours:
        if not in_the_way:
            return Part()
        if not adopt or type_ not in _REPLACEABLE:
            return Part(refusals=(_refuse_in_the_way(what, found),))
    why = "A CNAME stands alone at its name (RFC 1034 §3.6.2)." if in_the_way else None
    return Part(steps=tuple(record_deletion(record, actual.name, why=why) for record in found))


def _creation(failover: str, record: Record) -> Step:
    return Step(
        Action.CREATE,
        Kind.RECORD,
        failover,
        _address(record),
        None,
        record,
        compare({}, record_attributes(record)),
    )


def _changes(failover: str, wanted: list[Record], found: list[Record], action: Action) -> Iterator[Step]:
    by_role = {record.failover: record for record in found}
    for record in wanted:
        old = by_role.pop(record.failover, None)
        if old is None:
            yield _creation(failover, record)
            continue
        differences = compare(record_attributes(old), record_attributes(record))
        if differences:
            after = replace(record, set_identifier=old.set_identifier)
            yield Step(action, Kind.RECORD, failover, _address(record), old, after, differences)
    for old in by_role.values():
        yield record_deletion(old, failover)


def _refuse_changes(failover: str, steps: Iterable[Step]) -> Iterator[Refusal]:
    for step in steps:
        role = step.address.removeprefix("record/")
        differences = step.differences or (Difference("the record", "there", None),)
        yield refuse_not_ours(f"The record {role} of {failover}", differences)


def _refuse_in_the_way(what: str, found: list[Record]) -> Refusal:
    routing = ", ".join(sorted({_routing(record) for record in found}))
    remedy = "Pass --adopt to have it replaced by the failover pair, within one change."
    if found[0].type not in _REPLACEABLE:
        remedy = "Move it to another name, or give the primary an address in place of a name."
    return Refusal(
        id="in-the-way",
        text=f"{what} ({routing}, {len(found)} in all) is not stillup's, and is in the way of the failover pair.",
        remedy=remedy,
    )


def _routing(record: Record) -> str:
    if record.failover is not None:
        return "failover routing"
    return f"{next(iter(record.other_routing))} routing" if record.other_routing else "simple routing"


def _address(record: Record) -> str:
    told_apart = record.failover or record.set_identifier
    return f"record/{record.type}/{told_apart}" if told_apart else f"record/{record.type}"
