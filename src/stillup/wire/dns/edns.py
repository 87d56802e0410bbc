"""EDNS (RFC 6891): what a query's OPT record says, and the OPT record that answers it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from stillup.rules.resolution import Rcode

OPT: Final = 41
"""The type of the OPT pseudo-record (RFC 6891 §6.1.1)."""

SUPPORTED_VERSION: Final = 0
SMALLEST_PAYLOAD: Final = 512
"""What every client takes over UDP; smaller announcements count as this (RFC 6891 §6.2.3)."""

UDP_PAYLOAD: Final = 1232
"""The largest message that we send over UDP, and the largest that we say we accept.

Route 53 goes up to 4,096 (DN-1). Past 1,232 (IPv6's least MTU less the headers) a message may be cut into
fragments, which many firewalls drop and which can be forged (RFC 9715; the value is DNS flag day 2020's).
"""

_DNSSEC_OK: Final = 0x8000
_FIXED_OPT: Final = struct.Struct("!xHHBBHH")


@dataclass(frozen=True, slots=True)
class Edns:
    """What the OPT record of a query says. Options and unknown flags are ignored (RFC 6891 §6.1.2, §6.1.4)."""

    payload: int
    """Octets that the client takes over UDP, 512 or more."""
    dnssec_ok: bool
    version: int = SUPPORTED_VERSION


@lru_cache(maxsize=256)
def parse_opt(payload: int, ttl: int) -> Edns:
    """An OPT record's CLASS and TTL fields as what they mean (RFC 6891 §6.1.3). Few combinations are seen."""
    return Edns(max(payload, SMALLEST_PAYLOAD), bool(ttl & _DNSSEC_OK), ttl >> 16 & 0xFF)


def are_options(rdata: bytes) -> bool:
    """Whether this is a list of options, each as long as it says (RFC 6891 §6.1.2)."""
    at = 0
    while at + 4 <= len(rdata):
        at += 4 + int.from_bytes(rdata[at + 2 : at + 4], "big")
    return at == len(rdata)


def render_opt(edns: Edns, rcode: Rcode = Rcode.NOERROR) -> bytes:
    """Our OPT record: our payload size, our version, the upper bits of the rcode, DO as it came (RFC 3225 §3)."""
    flags = _DNSSEC_OK if edns.dnssec_ok else 0
    return _FIXED_OPT.pack(OPT, UDP_PAYLOAD, rcode >> 4, SUPPORTED_VERSION, flags, 0)


def largest_udp(edns: Edns | None) -> int:
    """How many octets the client gets over UDP at most."""
    if edns is None:
        return SMALLEST_PAYLOAD
    return min(edns.payload, UDP_PAYLOAD)
