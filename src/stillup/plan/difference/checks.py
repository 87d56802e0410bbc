"""Health checks: which to make, to change, to make anew and to delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from stillup.plan.difference.compare import FIXED, PROBED_BY, check_attributes, compare, tag_attributes
from stillup.plan.difference.part import Part, note_not_ours, refuse_not_ours, together
from stillup.plan.ownership import owns_check, role_of
from stillup.plan.places import still_noting
from stillup.plan.setup import Check, CheckConfig, Setup
from stillup.plan.step import Action, Difference, Kind, Step
from stillup.rules.health.refinements import PREFIX

_ROLES: Final = {"primary": "PRIMARY", "standby": "SECONDARY"}


def check_part(desired: Setup, actual: Setup, *, adopt: bool) -> Part:
    """What to do about the checks.

    | asked for  | there is                            | what differs      | adopt | then                          |
    |------------|-------------------------------------|-------------------|-------|-------------------------------|
    | elsewhere  | any                                 |                   | any   | nothing                       |
    | a config   | none                                |                   | any   | CREATE                        |
    | a config   | ours                                | nothing           | any   | nothing                       |
    | a config   | ours                                | what can change   | any   | UPDATE                        |
    | a config   | ours                                | a fixed attribute | any   | REPLACE, and DELETE the old   |
    | a config   | another's, named by the record      | nothing           | no    | nothing, with a note          |
    | a config   | another's, named by the record      | anything          | no    | refused                       |
    | a config   | another's, named by the record      | what can change   | yes   | ADOPT                         |
    | a config   | another's, named by the record      | a fixed attribute | yes   | CREATE; the old one stays     |
    | nothing    | ours                                |                   | any   | DELETE                        |
    """
    found = {key: _found(key, wanted, actual) for key, wanted in desired.checks.items()}
    parts = [
        _part(desired.name, actual, wanted, found[key], adopt=adopt) for key, wanted in desired.checks.items()
    ]
    kept = {part.ids[f"check/{key}"] for key, part in zip(desired.checks, parts, strict=True) if part.ids}
    return together((*parts, Part(steps=tuple(_deletions(actual, kept)))))


def own_checks(actual: Setup) -> list[Check]:
    """The checks that are the failover's own."""
    return [check for check in actual.checks.values() if owns_check(check, actual.name)]


def deletion(check: Check, failover: str) -> Step:
    """The step that deletes a check of ours."""
    return Step(Action.DELETE, Kind.CHECK, failover, f"check/{check.id or check.key}", check, None)


def _deletions(actual: Setup, kept: Iterable[str]) -> list[Step]:
    keep = set(kept)
    return [
        deletion(check, actual.name) for check in own_checks(actual) if (check.id or check.key) not in keep
    ]


def _found(key: str, wanted: Check, actual: Setup) -> Check | None:
    """The check that plays this role: one of ours before another's, one that can become what is asked for first.

    After a run that ended between making a check anew and its record, there are two of ours: the new one wins.
    """
    if wanted.config is None:
        return None
    named = {record.check for record in actual.records if record.failover == _ROLES[key]}
    config = wanted.config

    def rank(check: Check) -> tuple[bool, bool, bool, str]:
        is_other = check.config is None or bool(_fixed_differences(check.config, config))
        return (not owns_check(check, actual.name), is_other, check.key not in named, check.key)

    candidates = [
        check
        for check in actual.checks.values()
        if check.config is not None and (check.key in named or role_of(check, actual.name) == key)
    ]
    return min(candidates, key=rank, default=None)


def _part(failover: str, actual: Setup, asked: Check, found: Check | None, *, adopt: bool) -> Part:
    address = f"check/{asked.key}"
    if asked.config is None:
        return Part(ids={address: asked.id or ""})
    if found is None or found.config is None:
        return Part(steps=(_made(failover, address, still_noting(asked, None, actual), asked.config),))
    fixed = _fixed_differences(found.config, asked.config)
    wanted = still_noting(asked, None if fixed else found, actual)
    ids = {address: found.id or found.key}
    if owns_check(found, failover):
        differences = (*_differences(found.config, asked.config), *_tag_differences(found.tags, wanted.tags))
        if fixed:
            return Part(steps=(_remade(failover, address, wanted, found, fixed, differences),))
        steps = (_changed(failover, address, wanted, found, Action.UPDATE, differences),)
        return Part(steps=steps if differences else (), ids=ids)
    what = f"The health check {found.id} of {failover}"
    if adopt and fixed:
        note = f"{what} cannot become what is planned ({_names(fixed)}); a new one takes its place, and it stays."
        return Part(steps=(_made(failover, address, wanted, asked.config),), notes=(note,))
    if adopt:
        differences = (*_differences(found.config, asked.config), *_tag_differences(found.tags, wanted.tags))
        return Part(steps=(_changed(failover, address, wanted, found, Action.ADOPT, differences),), ids=ids)
    effective = (
        *_differences(found.config, asked.config),
        *_tag_differences(_refinements(found.tags), _refinements(wanted.tags)),
    )
    if effective:
        return Part(refusals=(refuse_not_ours(what, effective, found.tags),), ids=ids)
    return Part(notes=(note_not_ours(what, found.tags),), ids=ids)


def _made(failover: str, address: str, wanted: Check, config: CheckConfig) -> Step:
    attributes = {**check_attributes(config), **tag_attributes(wanted.tags, wanted.tags), PROBED_BY: None}
    return Step(Action.CREATE, Kind.CHECK, failover, address, None, wanted, compare({}, attributes))


def _remade(
    failover: str,
    address: str,
    wanted: Check,
    found: Check,
    fixed: tuple[Difference, ...],
    differences: tuple[Difference, ...],
) -> Step:
    why = f"{_names(fixed)} cannot be changed: a new check is made, and {found.id} goes when no record names it."
    return Step(Action.REPLACE, Kind.CHECK, failover, address, found, wanted, differences, why=why)


def _changed(
    failover: str,
    address: str,
    wanted: Check,
    found: Check,
    action: Action,
    differences: tuple[Difference, ...],
) -> Step:
    after = replace(
        wanted,
        id=found.id or found.key,
        caller_reference=found.caller_reference,
        tags=_tags_after(found.tags, wanted.tags),
    )
    return Step(action, Kind.CHECK, failover, address, found, after, differences)


def _differences(before: CheckConfig, after: CheckConfig) -> tuple[Difference, ...]:
    return compare(check_attributes(before), check_attributes(after))


def _fixed_differences(before: CheckConfig, after: CheckConfig) -> tuple[Difference, ...]:
    return tuple(each for each in _differences(before, after) if each.attribute in FIXED)


def _refinements(tags: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in tags.items() if name.startswith(PREFIX)}


def _tags_after(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """The tags that the plan asks for, and those of other hands; a name that somebody gave stays."""
    others = {name: value for name, value in before.items() if not name.startswith(PREFIX)}
    name = {"Name": before["Name"]} if "Name" in before else {}
    return {**others, **after, **name}


def _tag_differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Difference, ...]:
    wanted = _tags_after(before, after)
    names = (*wanted, *_refinements(before))
    return compare(tag_attributes(before, names), tag_attributes(wanted, names))


def _names(differences: Iterable[Difference]) -> str:
    return ", ".join(each.attribute for each in differences)
