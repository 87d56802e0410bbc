"""What an alias may answer for: a record set of its own zone, or an S3 website endpoint (2.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from stillup.rules.names import DomainName
from stillup.rules.records import AliasTarget, RecordSet, RecordType
from stillup.rules.zones.draft import Draft, Reason
from stillup.rules.zones.s3_endpoints import ENDPOINT_ZONE_IDS, is_website_zone_id, website_endpoint

_NOT_ROUTED: Final = (
    "but this engine does not route to that yet:"
    " an alias targets a record set of its own hosted zone or an S3 website endpoint"
)

_Group: TypeAlias = tuple[DomainName, RecordType]


def bad_targets(draft: Draft) -> Iterator[Reason]:
    """Aliases that the batch writes and whose target cannot be.

    | HostedZoneId         | DNSName                       | such a record set      | outcome                     |
    |----------------------|-------------------------------|------------------------|-----------------------------|
    | this zone            | in this zone                  | exists after the batch | fine (AL-3)                 |
    | this zone            | in this zone                  | none of this type      | not found                   |
    | this zone            | elsewhere                     | –                      | does not lie within; not found |
    | an S3 endpoint's     | the endpoint of that Region   | type A                 | fine (AL-7)                 |
    | an S3 endpoint's     | the endpoint of that Region   | any other type         | not found                   |
    | an S3 endpoint's     | anything else                 | –                      | does not lie within; not found |
    | any other            | in this zone, or S3 endpoint  | –                      | does not lie within; not found |
    | any other            | anything else                 | –                      | not routed to by this engine |
    """
    for key, position in draft.written.items():
        for record_set in draft.group(key.name, key.type):
            if record_set.key == key and record_set.alias is not None:
                for problem in _problems_with_target(draft, record_set, record_set.alias):
                    yield Reason(position, f"{_tried(record_set.type, record_set.alias)}, {problem}")


def loops(draft: Draft) -> Iterator[Reason]:
    """Aliases that the batch writes and that answer for themselves in the end.

    AWS does not say what it does with them; nobody could answer them. Chains of aliases may be longer than
    Python's stack is deep, so `path` is the stack: each group on the way with its targets still to be tried.
    """
    visited: set[_Group] = set()
    for start in dict.fromkeys((key.name, key.type) for key in draft.written):
        path = {} if start in visited else {start: _targets(draft, start)}
        visited.add(start)
        while path:
            here, targets = next(reversed(path.items()))
            target = next(targets, None)
            if target is None:
                del path[here]
            elif target in path:
                way = list(path)
                yield from _closing_aliases(draft, way[way.index(target) :])
            elif target not in visited:
                visited.add(target)
                path[target] = _targets(draft, target)


def _problems_with_target(draft: Draft, record_set: RecordSet, target: AliasTarget) -> tuple[str, ...]:
    elsewhere = ("but the alias target name does not lie within the target zone",)
    missing = ("but that target was not found",)
    endpoint = website_endpoint(target.dns_name)
    in_zone = target.dns_name.is_under(draft.zone.name)
    if target.zone_id == draft.zone.id:
        found = in_zone and bool(draft.group(target.dns_name, record_set.type))
    elif is_website_zone_id(target.zone_id):
        in_zone = endpoint is not None and target.zone_id in ENDPOINT_ZONE_IDS[endpoint.region]
        found = in_zone and record_set.type is RecordType.A
    elif in_zone or endpoint is not None:
        in_zone = found = False
    else:
        return (_NOT_ROUTED,)
    return (() if in_zone else elsewhere) + (() if found else missing)


def _targets(draft: Draft, group: _Group) -> Iterator[_Group]:
    for each in draft.group(*group):
        if each.alias is not None and each.alias.zone_id == draft.zone.id:
            yield each.alias.dns_name, each.type


def _closing_aliases(draft: Draft, cycle: list[_Group]) -> Iterator[Reason]:
    for group, target in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
        for each in draft.group(*group):
            position = draft.written.get(each.key)
            if position is not None and each.alias is not None and (each.alias.dns_name, each.type) == target:
                yield Reason(
                    position, f"{_tried(each.type, each.alias)}, but that target leads back to the alias"
                )


def _tried(record_type: RecordType, target: AliasTarget) -> str:
    return f"Tried to create an alias that targets {target.dns_name}, type {record_type} in zone {target.zone_id}"
