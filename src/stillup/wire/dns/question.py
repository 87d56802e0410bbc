"""Reading a query: hand-written, because it runs for every packet. dnspython is its oracle in the tests."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from stillup.rules.names import MAX_LABEL, MAX_NAME
from stillup.rules.resolution import Rcode
from stillup.wire.dns.edns import OPT, SUPPORTED_VERSION, Edns, are_options, parse_opt

HEADER_SIZE: Final = 12

_SECTION_COUNTS: Final = struct.Struct("!3H")
_TYPE_AND_CLASS: Final = struct.Struct("!HH")
_RECORD_FIELDS: Final = struct.Struct("!HHIH")
_POINTER: Final = 0xC0
_QUERY: Final = 0
_IN: Final = 1
_TRANSFERS: Final = frozenset({251, 252})
"""IXFR and AXFR: zones are read through the API, by those who may."""


class Question(NamedTuple):
    """A query that the answer book can be asked. A named tuple because one is made for each query."""

    id: bytes
    recursion_desired: bool
    section: bytes
    """The question as it was sent, letter case included: a resolver may compare it (draft 0x20)."""
    name: bytes
    """The name on the wire, in lower case."""
    type: int
    edns: Edns | None


class Problem(NamedTuple):
    """A packet that is no question for the answer book; `rcode` is what to answer, None is silence.

    `section` is empty where no question could be read.
    """

    rcode: Rcode | None
    id: bytes = b"\0\0"
    recursion_desired: bool = False
    section: bytes = b""
    edns: Edns | None = None
    opcode: int = _QUERY


SILENCE: Final = Problem(None)


class _Malformed(Exception):
    """The caller's packet breaks RFC 1035 or RFC 6891."""


def parse_question(packet: bytes) -> Question | Problem:
    """Read a query, or say what to answer instead. The first row that fits, counts.

    A query with EDNS is refused with EDNS, or its sender would think that we know none.

    | the packet                                               | is answered                                 |
    |----------------------------------------------------------|---------------------------------------------|
    | is shorter than a header                                 | not at all                                  |
    | is a response (QR)                                       | not at all, or two servers would never stop |
    | has an opcode other than QUERY                           | NOTIMP, even if what follows breaks off     |
    | has not exactly one question (RFC 9619)                  | FORMERR                                     |
    | has a question with a pointer, or that breaks off        | FORMERR                                     |
    | has records that break off, or octets after the last     | FORMERR                                     |
    | has two OPT records, or not the root's (RFC 6891 §6.1.1) | FORMERR                                     |
    | has an OPT record of an unknown version (§6.1.3)         | BADVERS                                     |
    | has a class other than IN                                | REFUSED                                     |
    | asks for a zone transfer                                 | REFUSED (RFC 5936 §2.2.1 lets us)           |
    | is any other                                             | by the answer book                          |
    """
    if len(packet) < HEADER_SIZE or packet[2] & 0x80:
        return SILENCE
    opcode = packet[2] >> 3 & 0xF
    desired = bool(packet[2] & 1)
    try:
        section_end = _end_of_question(packet)
        edns = _parse_records(packet, section_end)
    except _Malformed:
        rcode = Rcode.FORMERR if opcode == _QUERY else Rcode.NOTIMP
        return Problem(rcode, packet[:2], desired, opcode=opcode)
    if opcode != _QUERY:
        return Problem(Rcode.NOTIMP, packet[:2], desired, edns=edns, opcode=opcode)
    if section_end == HEADER_SIZE:
        return Problem(Rcode.FORMERR, packet[:2], desired, edns=edns)
    section = packet[HEADER_SIZE:section_end]
    record_type, record_class = _TYPE_AND_CLASS.unpack_from(packet, section_end - 4)
    if edns is not None and edns.version != SUPPORTED_VERSION:
        return Problem(Rcode.BADVERS, packet[:2], desired, section, edns)
    if record_class != _IN or record_type in _TRANSFERS:
        return Problem(Rcode.REFUSED, packet[:2], desired, section, edns)
    # A length octet is at most 63, below "A": lower() changes letters of labels and nothing else.
    return Question(packet[:2], desired, section, section[:-4].lower(), record_type, edns)


def _end_of_question(packet: bytes) -> int:
    """Where the one question ends; the end of the header where there is none."""
    if packet[4:6] == b"\0\0":
        return HEADER_SIZE
    if packet[4:6] != b"\0\1":
        raise _Malformed
    at = HEADER_SIZE
    try:
        while length := packet[at]:
            if length > MAX_LABEL:
                raise _Malformed
            at += 1 + length
    except IndexError:
        raise _Malformed from None
    end = at + 1 + _TYPE_AND_CLASS.size
    if at + 1 - HEADER_SIZE > MAX_NAME or end > len(packet):
        raise _Malformed
    return end


def _parse_records(packet: bytes, at: int) -> Edns | None:
    """Read the records from `at` to the end of the packet; of all of them only OPT matters."""
    if packet[6:12] == b"\0\0\0\0\0\0" and at == len(packet):
        return None
    answers, authorities, additional = _SECTION_COUNTS.unpack_from(packet, 6)
    first_additional = answers + authorities
    edns = None
    try:
        for index in range(first_additional + additional):
            owner_at = at
            at = _end_of_name(packet, at)
            record_type, record_class, ttl, size = _RECORD_FIELDS.unpack_from(packet, at)
            at += _RECORD_FIELDS.size + size
            if record_type != OPT:
                continue
            if edns is not None or index < first_additional or packet[owner_at]:
                raise _Malformed
            if size and not are_options(packet[at - size : at]):
                raise _Malformed
            edns = parse_opt(record_class, ttl)
    except (IndexError, struct.error):
        raise _Malformed from None
    if at != len(packet):
        raise _Malformed
    return edns


def _end_of_name(packet: bytes, at: int) -> int:
    """Where a name ends that may end in a pointer. Where that points does not matter: nobody reads the name."""
    while length := packet[at]:
        if length > MAX_LABEL:
            if length < _POINTER:
                raise _Malformed
            return at + 2
        at += 1 + length
    return at + 1
