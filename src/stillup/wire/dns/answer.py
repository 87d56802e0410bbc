"""From a resolution to octets: all that can be done before anybody asks, and the rest, done for each query.

`render` spells a resolution once. `assemble_response` puts a query's id, flags, question and OPT record around it:

    id(2) | head(10): flags, counts | question, as sent | records, perhaps fewer | OPT

Records use compression pointers (RFC 1035 §4.1.4) into the question and into earlier records. The question of a
name has one length, however its letters are written, so the pointers hold for every query for that name.
Names are compressed without regard to case: a name that ends as the question does is shown in the client's case.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from stillup.rules.chance import bounds_of
from stillup.rules.names import DomainName
from stillup.rules.resolution import Rcode, Resolution, RRset
from stillup.wire.dns.edns import Edns, render_opt
from stillup.wire.dns.question import HEADER_SIZE, Problem, Question

QR: Final = 0x8000
AA: Final = 0x0400
TC: Final = 0x0200
RD: Final = 0x0100

_COUNTED_HEAD: Final = struct.Struct("!5H")
_RECORD_FIELDS: Final = struct.Struct("!HHIH")
_IN: Final = 1
_NS: Final = 2
_SOA: Final = 6
_TYPE_AND_CLASS_SIZE: Final = 4
_FURTHEST_POINTER: Final = 0x3FFF
_POINTER: Final = 0xC000

_NAMES_IN_RDATA: Final = {
    _NS: (0, 1),
    5: (0, 1),  # CNAME
    _SOA: (0, 2),
    12: (0, 1),  # PTR
    15: (2, 1),  # MX
}
"""Octets before the first name, and how many names. Only the types of RFC 1035 may be compressed (RFC 3597 §4)."""

Heads = tuple[bytes, bytes, bytes, bytes]
"""Flags and counts for: neither, RD, EDNS, RD and EDNS."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The first `end` octets of the records, with the flags and counts that go with them."""

    heads: Heads
    end: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several equally right answers. `cuts` go from the whole to nothing but TC."""

    records: bytes
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """All that follows the question, for queries of one name. There is at least one variant.

    `bounds` divide [0, 1) between the variants; where there are none, all have the same share (rules/chance).
    """

    rcode: Rcode
    variants: tuple[Variant, ...]
    bounds: tuple[float, ...] = ()


def render(resolution: Resolution, qname: DomainName) -> Rendered:
    """Spell the resolution for queries that ask for `qname`: the answer, then each of the alternatives."""
    answers = (resolution.answer, *resolution.alternatives)
    variants = tuple(_render_variant(resolution, answer, qname) for answer in answers)
    return Rendered(resolution.rcode, variants, bounds_of(resolution.weights))


def assemble_response(query: Question, rendered: Rendered, *, variant: int = 0, max_size: int) -> bytes:
    """The response to this query in at most `max_size` (512 or more) octets.

    What does not fit is left out, at last with TC set; over TCP too, where no message is larger than 65,535.
    """
    which = 1 if query.recursion_desired else 0
    opt = b""
    if query.edns is not None:
        which += 2
        opt = _opt(query.edns.dnssec_ok)
    chosen = rendered.variants[variant]
    room = max_size - HEADER_SIZE - len(query.section) - len(opt)
    for cut in chosen.cuts:
        if cut.end <= room:
            break
    return query.id + cut.heads[which] + query.section + chosen.records[: cut.end] + opt


def assemble_failure(query: Question, rcode: Rcode) -> bytes:
    """A response to this query without any record, not authoritative: SERVFAIL or REFUSED."""
    return assemble_response(query, _bare(rcode), max_size=512)


def assemble_refusal(problem: Problem) -> bytes | None:
    """The response to a packet that is no question for the answer book, or None if it deserves silence."""
    if problem.rcode is None:
        return None
    flags = QR | problem.opcode << 11 | (RD if problem.recursion_desired else 0) | problem.rcode & 0xF
    opt = b"" if problem.edns is None else render_opt(problem.edns, problem.rcode)
    counts = _COUNTED_HEAD.pack(flags, 1 if problem.section else 0, 0, 0, 1 if opt else 0)
    return problem.id + counts + problem.section + opt


@lru_cache(maxsize=2)
def _opt(dnssec_ok: bool) -> bytes:  # noqa: FBT001  the value of a flag
    return render_opt(Edns(0, dnssec_ok))


@lru_cache(maxsize=len(Rcode))
def _bare(rcode: Rcode) -> Rendered:
    return render(Resolution(rcode, authoritative=False), DomainName(()))


def _render_variant(resolution: Resolution, answer: tuple[RRset, ...], qname: DomainName) -> Variant:
    flags = QR | (AA if resolution.authoritative else 0) | resolution.rcode
    writer = _Writer(qname)
    ends = []
    counts = []
    for section in (answer, resolution.authority, resolution.additional):
        counts.append(sum(len(rrset.rdata) for rrset in section))
        for rrset in section:
            writer.write_rrset(rrset)
        ends.append(len(writer.octets))
    cuts = [
        Cut(_heads(flags, *counts[:kept], *[0] * (3 - kept)), ends[kept - 1])
        for kept in _sections_kept(resolution, answer)
    ]
    cuts.append(Cut(_heads(flags | TC, 0, 0, 0), 0))
    return Variant(bytes(writer.octets), tuple(cuts))


def _sections_kept(resolution: Resolution, answer: tuple[RRset, ...]) -> Sequence[int]:
    """How many sections a response may be cut to without saying TC, the whole first (RFC 2181 §9).

    | the response                                 | additional          | authority               |
    |----------------------------------------------|---------------------|-------------------------|
    | a referral                                   | glue: kept or TC    | kept                    |
    | a positive answer, the zone's NS beside it   | dropped first       | dropped next            |
    | any other (the SOA makes it cacheable)       | dropped             | kept                    |

    Glue that does not fit must be asked for again over TCP (RFC 9471 §3.1).
    """
    if not resolution.authoritative:
        return (3,)
    if answer and all(rrset.type == _NS for rrset in resolution.authority):
        return (3, 2, 1)
    return (3, 2)


@lru_cache(maxsize=4096)
def _heads(flags: int, answers: int, authorities: int, additional: int) -> Heads:
    """Most answers share few combinations of counts; the cache makes them share the octets too."""
    return (
        _COUNTED_HEAD.pack(flags, 1, answers, authorities, additional),
        _COUNTED_HEAD.pack(flags | RD, 1, answers, authorities, additional),
        _COUNTED_HEAD.pack(flags, 1, answers, authorities, additional + 1),
        _COUNTED_HEAD.pack(flags | RD, 1, answers, authorities, additional + 1),
    )


class _Writer:
    """Writes records that will follow the question for `qname`, and remembers where each name stands."""

    def __init__(self, qname: DomainName) -> None:
        self.octets = bytearray()
        self._offsets: dict[tuple[bytes, ...], int] = {}
        at = HEADER_SIZE
        for index, label in enumerate(qname.labels):
            self._offsets[qname.labels[index:]] = at
            at += 1 + len(label)
        self._start = at + 1 + _TYPE_AND_CLASS_SIZE

    def write_rrset(self, rrset: RRset) -> None:
        """Append each record of the set."""
        for rdata in rrset.rdata:
            self._write_name(rrset.name.labels)
            fields_at = len(self.octets)
            self.octets += bytes(_RECORD_FIELDS.size)
            rdata_at = len(self.octets)
            self._write_rdata(rrset.type, rdata)
            size = len(self.octets) - rdata_at
            _RECORD_FIELDS.pack_into(self.octets, fields_at, rrset.type, _IN, rrset.ttl, size)

    def _write_rdata(self, record_type: int, rdata: bytes) -> None:
        at, names = _NAMES_IN_RDATA.get(record_type, (len(rdata), 0))
        self.octets += rdata[:at]
        for _ in range(names):
            labels = []
            while length := rdata[at]:
                labels.append(rdata[at + 1 : at + 1 + length])
                at += 1 + length
            at += 1
            self._write_name(tuple(labels))
        if names:
            self.octets += rdata[at:]

    def _write_name(self, labels: tuple[bytes, ...]) -> None:
        lowered = tuple(label.lower() for label in labels)
        for index, label in enumerate(labels):
            suffix = lowered[index:]
            target = self._offsets.get(suffix)
            if target is not None:
                self.octets += (_POINTER | target).to_bytes(2, "big")
                return
            here = self._start + len(self.octets)
            if here <= _FURTHEST_POINTER:
                self._offsets[suffix] = here
            self.octets.append(len(label))
            self.octets += label
        self.octets.append(0)
