"""From a name and type to a whole answer (RFC 1034 §4.3.2), out of one zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

from stillup.rules.lookup.data import Data, data_of
from stillup.rules.lookup.place import Absent, Delegated, Present, locate
from stillup.rules.lookup.sections import additional, name_servers, negative_soa
from stillup.rules.lookup.tree import ZoneTree
from stillup.rules.lookup.view import View
from stillup.rules.names import DomainName
from stillup.rules.records import RECORD_TYPE_CODES, RecordType
from stillup.rules.resolution import Rcode, Reason, Resolution, RRset, SiteAddresses
from stillup.rules.routing import StatusOf

ANY: Final = 255
LONGEST_CHAIN: Final = 16
"""CNAME records that one answer follows. A resolver goes on from there, or finds the chain as absurd as we do."""

_TYPE_OF_CODE: Final = {code: record_type for record_type, code in RECORD_TYPE_CODES.items()}


@dataclass(frozen=True, slots=True)
class _Trail:
    """What led to the name that is looked at now."""

    links: tuple[RRset, ...] = ()
    reasons: tuple[Reason, ...] = ()
    wildcard: DomainName | None = None


def resolve(
    tree: ZoneTree, name: DomainName, qtype: int, *, status_of: StatusOf, site: SiteAddresses
) -> Resolution:
    """Answer for a name at or below the zone's apex; the result names everything that it rests on.

    | the name        | owns                 | answer                             | authority | RCODE    |
    |-----------------|----------------------|------------------------------------|-----------|----------|
    | present         | the type             | its data                           | NS        | NOERROR  |
    | present         | a CNAME              | the CNAME, then its target's row   | …         | …        |
    | present         | neither              | –                                  | SOA       | NOERROR  |
    | absent          | –                    | –                                  | SOA       | NXDOMAIN |
    | delegated       | –                    | –, not authoritative               | cut's NS  | NOERROR  |

    A chain of CNAMEs ends with the row of its last name (RFC 2308 §2.1, RFC 6604 §3); authoritative is said of
    its first (RFC 1035 §4.1.1). Where it leaves the zone, closes a circle or grows too long, it ends as it is; also
    where chance decides what comes next: what is beyond one target may be another RCODE than beyond the other.
    """
    return _step(View(tree, status_of, site), name, qtype, _Trail())


def _step(view: View, name: DomainName, qtype: int, trail: _Trail) -> Resolution:
    match locate(view, name, for_ds=qtype == RecordType.DS.code):
        case Delegated(cut):
            return _finish(view, trail, authority=name_servers(view, cut), authoritative=bool(trail.links))
        case Absent():
            return _finish(view, trail, Rcode.NXDOMAIN, authority=negative_soa(view))
        case Present(owner):
            if owner != name and not trail.links:
                trail = replace(trail, wildcard=owner)
            return _answer_from(view, owner, name, qtype, trail)
        case place:
            assert_never(place)


def _answer_from(view: View, owner: DomainName, name: DomainName, qtype: int, trail: _Trail) -> Resolution:
    types = _types_asked_for(view, owner, qtype)
    for record_type in types:
        data = data_of(view, owner, record_type)
        trail = _because(trail, data)
        if data.draws:
            is_own_ns = record_type is RecordType.NS and name == view.apex
            authority = () if is_own_ns else name_servers(view, view.apex)
            return _finish(
                view,
                trail,
                answers=data.as_rrsets(name, record_type),
                weights=data.weights,
                authority=authority,
            )
    if RecordType.CNAME not in types:
        cname = data_of(view, owner, RecordType.CNAME)
        if cname.draws:
            return _follow(view, name, qtype, _because(trail, cname), cname)
    return _finish(view, trail, authority=negative_soa(view))


def _types_asked_for(view: View, owner: DomainName, qtype: int) -> Sequence[RecordType]:
    """ANY is answered with one type, the first with data in the order of the list (RFC 8482 §4.1)."""
    if qtype == ANY:
        return view.types_at(owner)
    record_type = _TYPE_OF_CODE.get(qtype)
    return () if record_type is None else (record_type,)


def _follow(view: View, name: DomainName, qtype: int, trail: _Trail, cname: Data) -> Resolution:
    link, *others = cname.as_rrsets(name, RecordType.CNAME)
    if others:
        authority = name_servers(view, view.apex)
        return _finish(view, trail, answers=(link, *others), weights=cname.weights, authority=authority)
    trail = replace(trail, links=(*trail.links, link))
    target = DomainName.from_wire(link.rdata[0])
    goes_on = (
        target.is_under(view.apex)
        and all(target != link.name for link in trail.links)
        and len(trail.links) < LONGEST_CHAIN
    )
    if goes_on:
        return _step(view, target, qtype, trail)
    return _finish(view, trail, authority=name_servers(view, view.apex))


def _because(trail: _Trail, data: Data) -> _Trail:
    return replace(trail, reasons=(*trail.reasons, *data.reasons))


def _finish(
    view: View,
    trail: _Trail,
    rcode: Rcode = Rcode.NOERROR,
    *,
    answers: Sequence[RRset] = (),
    weights: tuple[int, ...] = (),
    authority: tuple[RRset, ...],
    authoritative: bool = True,
) -> Resolution:
    """The resolution that follows the trail with any of these answers, each as often as its weight says."""
    sections = tuple((*trail.links, answer) for answer in answers) or (trail.links,)
    beside = additional(view, (*answers[:1], *authority), beside=sections[0])
    return Resolution(
        rcode,
        authoritative=authoritative,
        answer=sections[0],
        authority=authority,
        additional=beside,
        alternatives=sections[1:],
        weights=weights,
        depends_on=frozenset(view.depends_on),
        rests_on=frozenset(view.facts),
        reasons=trail.reasons,
        wildcard=trail.wildcard,
    )
