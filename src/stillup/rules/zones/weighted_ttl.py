"""The one TTL of a weighted group (2.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from stillup.rules.records import RecordSet, RecordSetKey, RecordType


def with_common_ttls(node: Collection[RecordSet], written: Mapping[RecordSetKey, int]) -> Iterator[RecordSet]:
    """The record sets of a name, where all weighted ones of a type have the TTL that was written last.

    `written` says which change of the batch wrote a set. Aliases have no TTL, and take no part.
    """
    last: dict[RecordType, tuple[int, int]] = {}
    for each in node:
        position = written.get(each.key)
        if position is not None and each.weight is not None and each.ttl is not None:
            last[each.type] = max((position, each.ttl), last.get(each.type, (0, 0)))
    for each in node:
        if each.weight is None or each.ttl is None or each.type not in last:
            yield each
        else:
            yield replace(each, ttl=last[each.type][1])
