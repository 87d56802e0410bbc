"""Which hosted zone answers for a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from stillup.rules.records import RecordType
from stillup.rules.zones.zone import HostedZone

_Zone = TypeVar("_Zone")


def serving_zones(zones: Iterable[HostedZone]) -> dict[bytes, HostedZone]:
    """The zones that queries can reach, by the wire form of their names; `zones` go from old to new.

    Route 53 allows several zones of one name (HZ-1), each on name servers of its own, and the parent's NS records
    decide between them. Here all share one server, so the oldest serves the name, and a zone that is created
    later takes nothing away from it; TestDNSAnswer reaches every zone by its id.
    """
    serving: dict[bytes, HostedZone] = {}
    for zone in zones:
        serving.setdefault(zone.name.to_wire(), zone)
    return serving


def zone_for(serving: Mapping[bytes, _Zone], qname: bytes, qtype: int) -> _Zone | None:
    """The zone that answers, or None if the name lies in none of them; `qname` is in lower-case wire form.

    | zones at and above the name            | question is for | answers                          |
    |----------------------------------------|-----------------|----------------------------------|
    | none                                   | any type        | none                             |
    | some                                   | any but DS      | the closest to the name          |
    | one of exactly this name and one above | DS              | the one above (RFC 4035 §3.1.4.1)|
    """
    own = serving.get(qname)
    if own is not None and qtype != RecordType.DS.code:
        return own
    at = 1 + qname[0]
    while at < len(qname):
        above = serving.get(qname[at:])
        if above is not None:
            return above
        at += 1 + qname[at]
    return own
