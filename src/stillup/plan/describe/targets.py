"""Primary and standby from failover records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stillup.plan.setup import Record
from stillup.rules.names import DomainName, InvalidName
from stillup.rules.zones.s3_endpoints import WebsiteEndpoint, website_endpoint

Unsaid = list[str]
"""Sentences about what a plan cannot say, in the order in which it was met."""


def website_bucket(record: Record) -> str | None:
    """The bucket whose website the record leads to; None where it leads elsewhere.

    An alias to the Region's bare endpoint leads to the bucket that has the record's name (AL-7).
    """
    found = _endpoint(record)
    return None if found is None else found.bucket or record.name


def website_region(record: Record) -> str | None:
    """The Region of that bucket, as the endpoint's name tells."""
    found = _endpoint(record)
    return None if found is None else found.region


def target_of(records: Iterable[Record], unsaid: Unsaid) -> dict[str, Any]:
    """The target of all records of one role, in the plan file's words.

    | records                      | said as                  |
    |------------------------------|--------------------------|
    | A, AAAA with values          | address, addresses       |
    | CNAME                        | name                     |
    | A, AAAA that are aliases     | alias with its types     |
    | a second kind beside a first | not at all: unsaid       |
    """
    said: dict[str, Any] = {}
    for kind, value in _kinds(list(records)):
        if not said:
            said[kind] = value
        else:
            unsaid.append(
                f"besides {next(iter(said))}, there is {kind} {value}: a plan has one kind of target"
            )
    return said


def _kinds(records: list[Record]) -> Iterator[tuple[str, Any]]:
    values = [value for each in records if each.type in ("A", "AAAA") for value in each.values]
    if values:
        yield ("address", values[0]) if len(values) == 1 else ("addresses", values)
    for record in records:
        if record.type == "CNAME" and record.values:
            yield "name", record.values[0].lower().removesuffix(".")
    aliases: dict[tuple[str, str, bool], list[str]] = {}
    for record in records:
        if record.alias is not None:
            alias = record.alias
            key = (alias.zone_id, alias.dns_name, alias.evaluate_target_health)
            aliases.setdefault(key, []).append(record.type)
    for (zone_id, name, is_evaluated), types in aliases.items():
        yield "alias", _alias(zone_id, name, types, is_evaluated=is_evaluated)


def _alias(zone_id: str, name: str, types: list[str], *, is_evaluated: bool) -> Mapping[str, Any]:
    return {"zone-id": zone_id, "name": name, "evaluate-target-health": is_evaluated, "types": types}


def _endpoint(record: Record) -> WebsiteEndpoint | None:
    targets = record.values if record.type == "CNAME" else ()
    if record.alias is not None:
        targets = (record.alias.dns_name,)
    for target in targets:
        try:
            found = website_endpoint(DomainName.from_text(target))
        except InvalidName:
            continue
        if found is not None:
            return found
    return None
