"""The data of a name and type: a choice from its record sets, and from those that aliases lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stillup.rules.lookup.view import View
from stillup.rules.names import DomainName
from stillup.rules.records import AliasTarget, RecordType
from stillup.rules.resolution import Reason, RRset
from stillup.rules.routing import Choice
from stillup.rules.zones.s3_endpoints import website_endpoint

ROTATIONS: Final = 8
"""In how many orders the values of one record set are served at most. Each of up to eight values leads as often
as any other; of more, only which one leads is less than random, for all of them are in every answer."""


@dataclass(frozen=True, slots=True)
class Data:
    """RDATA with its TTL. `draws` are equally right lists of it; no draw means that there is nothing."""

    ttl: int = 0
    draws: tuple[tuple[bytes, ...], ...] = ()
    reasons: tuple[Reason, ...] = ()

    def as_rrsets(self, name: DomainName, record_type: RecordType) -> tuple[RRset, ...]:
        """Each draw, owned by this name (AL-2: an alias answers under the name that was asked for)."""
        return tuple(RRset(name, record_type.code, self.ttl, draw) for draw in self.draws)


def data_of(view: View, name: DomainName, record_type: RecordType) -> Data:
    """The data that a name itself owns, following its aliases.

    | the name and type                     | data                                      |
    |---------------------------------------|-------------------------------------------|
    | are not in the zone                   | nothing                                   |
    | are chosen to be values               | those values, with their TTL              |
    | are chosen to be an alias, in the zone| the data of its target, this table again  |
    | … whose target led here               | nothing: a circle has no values           |
    | … to an S3 website endpoint           | the site's addresses, with their TTL      |
    | … to anything else outside the zone   | nothing: this engine does not hold it     |
    """
    reasons: list[Reason] = []
    visited: set[DomainName] = set()
    while name not in visited and (group := view.group(name, record_type)):
        visited.add(name)
        choice = view.choose(group)
        reasons.append(choice.reason)
        alias = choice.draws[0][0].alias
        if alias is None:
            return _values(choice, tuple(reasons))
        if alias.zone_id != view.zone_id:
            return _outside(view, alias, record_type, tuple(reasons))
        name = alias.dns_name
    return Data(reasons=tuple(reasons))


def _values(choice: Choice, reasons: tuple[Reason, ...]) -> Data:
    """The values of the chosen record sets; all records of one answer have one TTL (RFC 2181 §5.2)."""
    draws = tuple(
        tuple(dict.fromkeys(value.wire for record_set in draw for value in record_set.records))
        for draw in choice.draws
    )
    ttl = min(record_set.ttl or 0 for draw in choice.draws for record_set in draw)
    return Data(ttl, _rotations(draws[0]) if len(draws) == 1 else draws, reasons)


def _outside(view: View, alias: AliasTarget, record_type: RecordType, reasons: tuple[Reason, ...]) -> Data:
    addresses = () if website_endpoint(alias.dns_name) is None else view.site.rdata(record_type)
    return Data(view.site.ttl, _rotations(addresses), reasons)


def _rotations(values: Sequence[bytes]) -> tuple[tuple[bytes, ...], ...]:
    """The values in some orders, with other values first each time; no values, no order."""
    stride = max(1, -(-len(values) // ROTATIONS))
    return tuple((*values[start:], *values[:start]) for start in range(0, len(values), stride))
