"""What stands beside an answer: the authority and the additional section (DN-2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from stillup.rules.lookup.data import data_of
from stillup.rules.lookup.view import View
from stillup.rules.names import DomainName
from stillup.rules.records import RecordType
from stillup.rules.resolution import RRset

_TARGET_AT: Final = {
    RecordType.NS.code: 0,
    RecordType.CNAME.code: 0,
    RecordType.MX.code: 2,
    RecordType.SRV.code: 6,
}
"""At which octet of the RDATA the name begins whose addresses will be wanted next."""


def name_servers(view: View, owner: DomainName) -> tuple[RRset, ...]:
    """The NS records of the apex or of a cut."""
    return data_of(view, owner, RecordType.NS).as_rrsets(owner, RecordType.NS)[:1]


def negative_soa(view: View) -> tuple[RRset, ...]:
    """The SOA record, with the time for which "there is none" may be kept as its TTL.

    That is the lesser of its own TTL and its last field, MINIMUM (RFC 2308 §5); 900 s by default (HZ-2).
    """
    soa = data_of(view, view.apex, RecordType.SOA)
    return tuple(
        RRset(view.apex, RecordType.SOA.code, min(draw.ttl, int.from_bytes(draw.rdata[0][-4:])), draw.rdata)
        for draw in soa.draws[:1]
    )


def additional(view: View, sections: Iterable[RRset], *, beside: Sequence[RRset]) -> tuple[RRset, ...]:
    """The zone's own addresses for the names in these records, glue among them (RFC 1034 §4.3.2 step 6).

    Only what exactly those names own: wildcards and CNAMEs are not followed, since a resolver can ask for what
    is missing here. What already stands in the answer is not repeated.
    """
    present = {(rrset.name, rrset.type) for rrset in beside}
    found: list[RRset] = []
    for target in dict.fromkeys(_targets(sections)):
        if not target.is_under(view.apex):
            continue
        for record_type in (RecordType.A, RecordType.AAAA):
            if (target, record_type.code) not in present:
                found += data_of(view, target, record_type).as_rrsets(target, record_type)[:1]
    return tuple(found)


def _targets(rrsets: Iterable[RRset]) -> Iterator[DomainName]:
    for rrset in rrsets:
        at = _TARGET_AT.get(rrset.type)
        if at is not None:
            yield from (DomainName.from_wire(rdata, at) for rdata in rrset.rdata)
