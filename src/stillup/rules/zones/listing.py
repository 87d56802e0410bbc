"""How zones and their record sets are listed, page by page (HZ-5, LS-1, LS-2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from typing import Final, Generic, TypeVar

from stillup.rules.ids import HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet, RecordType
from stillup.rules.zones.zone import HostedZone

MAX_RECORD_SETS_IN_PAGE: Final = 300
"""LS-1."""
MAX_ZONES_IN_PAGE: Final = 100
"""HZ-5."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and what the next page begins with, if there is one."""

    items: tuple[T, ...]
    next: T | None


@dataclass(frozen=True, slots=True)
class RecordSetStart:
    """Where a listing of record sets begins: at the first that is not before this (LS-2)."""

    name: DomainName
    type: RecordType | None = None
    set_identifier: str | None = None


def list_record_sets(zone: HostedZone, start: RecordSetStart | None, limit: int) -> Page[RecordSet]:
    """Record sets by name, labels reversed, then by type, then by SetIdentifier (LS-1)."""
    names: Iterable[DomainName] = zone.nodes
    if start is not None:
        first = start.name.sort_key()
        names = (name for name in names if name.sort_key() >= first)
    # Every name but, perhaps, the first gives at least one record set, and one more than a page is needed.
    names = nsmallest(limit + 2, names, key=DomainName.sort_key)
    return _page(_from_start((each for name in names for each in zone.nodes[name]), start), limit)


def list_zones(zones: Mapping[HostedZoneId, HostedZone], start: HostedZoneId, limit: int) -> Page[HostedZone]:
    """Zones by id, from the first that is not before `start`."""
    return _page((zones[each] for each in sorted(zones) if each >= start), limit)


def list_zones_by_name(
    zones: Mapping[HostedZoneId, HostedZone],
    start: tuple[DomainName, HostedZoneId] | None,
    limit: int,
) -> Page[HostedZone]:
    """Zones by name, labels reversed, then by id, from the first that is not before `start`."""
    ordered = sorted(zones.values(), key=_by_name)
    if start is None:
        return _page(ordered, limit)
    first = (start[0].sort_key(), start[1])
    return _page((zone for zone in ordered if _by_name(zone) >= first), limit)


def _by_name(zone: HostedZone) -> tuple[bytes, HostedZoneId]:
    return zone.name.sort_key(), zone.id


def _from_start(record_sets: Iterable[RecordSet], start: RecordSetStart | None) -> Iterator[RecordSet]:
    """Drop what is before the start's type and SetIdentifier at the start's own name."""
    if start is None or start.type is None:
        yield from record_sets
        return
    first = (start.type, start.set_identifier or "")
    for each in record_sets:
        if each.name != start.name or (each.type, each.set_identifier or "") >= first:
            yield each


def _page(items: Iterable[T], limit: int) -> Page[T]:
    found = tuple(islice(items, limit + 1))
    return Page(found[:limit], found[limit] if len(found) > limit else None)
