"""What makes no sense together in a failover, and between failovers, by what is typed.

What is merely unwise is left to lint, which must be able to read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stillup.plan.file.parts import Conflict
from stillup.plan.file.words import ZONE_ID_FORM
from stillup.rules.buckets.names import parse_bucket_name
from stillup.rules.names import DomainName, InvalidName
from stillup.rules.refusal import Refusal


def within_failover(given: Mapping[str, Any]) -> Iterator[Conflict]:
    """
    | typed                                        | why not                                             |
    |----------------------------------------------|-----------------------------------------------------|
    | a name outside of the zone                   | the zone cannot hold its records                    |
    | a target's name is the failover's            | a record that points at itself                      |
    | a folder, and a name that is no bucket's     | it is published in a bucket of that name            |
    | `method: instances` without instances        | nothing to stop                                     |
    """
    name, zone = _name(given.get("name")), given.get("zone")
    if name is not None and isinstance(zone, str) and not re.fullmatch(ZONE_ID_FORM, zone):
        held_by = _name(zone)
        if held_by is not None and not name.is_under(held_by):
            yield ("name",), f"`{_text(name)}` is not in the zone {_text(held_by)}"
    for side in ("primary", "standby"):
        target = _mapping(given.get(side)).get("name")
        if name is not None and _name(target) == name:
            yield (side, "name"), "is the failover's own name: the record would point at itself"
    standby = _mapping(given.get("standby"))
    is_published = "folder" in standby and "bucket" not in standby
    if name is not None and is_published and isinstance(parse_bucket_name(_text(name)), Refusal):
        yield (
            ("standby", "folder"),
            f"no bucket can be called {_text(name)}: say which with `bucket` beside it",
        )
    drills_instances = _mapping(given.get("drill")).get("method") == "instances"
    if drills_instances and not _mapping(given.get("primary")).get("instances"):
        yield ("drill", "method"), "`instances` needs `primary.instances`: there is nothing to stop"


def across_failovers(given: Mapping[str, Any]) -> Iterator[Conflict]:
    """
    | typed                                        | why not                                             |
    |----------------------------------------------|-----------------------------------------------------|
    | two failovers with one name                  | each would undo the other's records                 |
    | two folders published in one bucket          | each would prune the other's pages                  |
    | two alarms of one name in one Region         | each would take the other's place (PutMetricAlarm)  |
    | a finding silenced for a failover not there  | it would silence nothing                            |
    """
    failovers = given.get("failovers")
    names: dict[DomainName, int] = {}
    buckets: dict[str, int] = {}
    alarms: dict[tuple[str, str], int] = {}
    for at, failover in enumerate(failovers if isinstance(failovers, list | tuple) else ()):
        each = _mapping(failover)
        name = _name(each.get("name"))
        if name is None:
            continue
        if name in names:
            yield ("failovers", at, "name"), f"is the name of failovers[{names[name]}] too"
            continue
        names[name] = at
        standby = _mapping(each.get("standby"))
        bucket = str(standby.get("bucket", _text(name)))
        if "folder" in standby and bucket in buckets:
            first = buckets[bucket]
            yield (
                ("failovers", at, "standby"),
                f"publishes in the bucket {bucket}, as failovers[{first}] does",
            )
        elif "folder" in standby:
            buckets[bucket] = at
        alarm = _mapping(_mapping(each.get("alert")).get("alarm"))
        called = (str(alarm.get("name")), str(alarm.get("region", "us-east-1")))
        if "name" in alarm and called in alarms:
            place = ("failovers", at, "alert", "alarm", "name")
            yield place, f"is the name of the alarm of failovers[{alarms[called]}] too"
        elif "name" in alarm:
            alarms[called] = at
    silence = given.get("silence")
    for at, each in enumerate(silence if isinstance(silence, list | tuple) else ()):
        meant = _name(_mapping(each).get("failover"))
        if meant is not None and names and meant not in names:
            yield ("silence", at, "failover"), f"no failover of this file is called {_text(meant)}"


def _mapping(value: object) -> Mapping[str, Any]:
    """What is typed there; nothing where it is no mapping, which is an error by itself."""
    return value if isinstance(value, Mapping) else {}


def _name(value: object) -> DomainName | None:
    try:
        return DomainName.from_text(value) if isinstance(value, str) and value.strip(".") else None
    except InvalidName:
        return None


def _text(name: DomainName) -> str:
    return name.to_text().removesuffix(".")
