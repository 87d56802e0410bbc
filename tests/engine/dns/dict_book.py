"""An answer book out of a dict, for tests of the server alone."""

from __future__ import annotations

from dataclasses import replace

import dns.name
import dns.rdata
import dns.rdatatype

from stillup.rules.names import DomainName
from stillup.rules.resolution import Rcode, Resolution, RRset
from stillup.wire.dns.answer import Rendered, render


def rrset(name: str, record_type: str, *values: str, ttl: int = 60) -> RRset:
    """Records in presentation form."""
    rdata = tuple(dns.rdata.from_text("IN", record_type, value).to_wire() for value in values)
    return RRset(DomainName.from_text(name), dns.rdatatype.from_text(record_type), ttl, rdata)


ORIGIN = DomainName.from_text("example.com")
SOA = rrset("example.com", "SOA", "ns1.example.com. hostmaster.example.com. 1 7200 900 1209600 60")
NS = rrset("example.com", "NS", "ns1.example.com.", "ns2.example.com.")
ADDRESSES = ("203.0.113.10", "203.0.113.11", "203.0.113.12")

_WWW = rrset("www.example.com", "A", "203.0.113.10")
_CHAIN = (
    rrset("one.example.com", "CNAME", "two.example.com."),
    rrset("two.example.com", "CNAME", "www.example.com."),
)
_RECORDS = (
    _WWW,
    SOA,
    NS,
    rrset("ns1.example.com", "A", "127.0.0.1"),
    rrset("ns2.example.com", "A", "127.0.0.1"),
    rrset("example.com", "MX", "10 mail.example.com."),
    rrset("big.example.com", "TXT", *(f'"{n:03}{"x" * 200}"' for n in range(20))),
    rrset("middle.example.com", "TXT", *(f'"{n:03}{"x" * 200}"' for n in range(4))),
)


def _positive(*answer: RRset) -> Resolution:
    return Resolution(Rcode.NOERROR, answer=answer, authority=(NS,))


def _several(name: str, weights: tuple[int, ...] = ()) -> Resolution:
    first, *others = (rrset(name, "A", address) for address in ADDRESSES)
    return replace(_positive(first), alternatives=tuple((each,) for each in others), weights=weights)


_RESOLUTIONS: dict[tuple[DomainName, int], Resolution] = {
    **{(one.name, one.type): _positive(one) for one in _RECORDS},
    (DomainName.from_text("one.example.com"), 1): _positive(*_CHAIN, _WWW),
    (DomainName.from_text("one.example.com"), 5): _positive(_CHAIN[0]),
    (DomainName.from_text("two.example.com"), 1): _positive(_CHAIN[1], _WWW),
    (DomainName.from_text("two.example.com"), 5): _positive(_CHAIN[1]),
    (DomainName.from_text("many.example.com"), 1): _several("many.example.com"),
    (DomainName.from_text("weighted.example.com"), 1): _several("weighted.example.com", (1, 1, 8)),
}
_NAMES = {name for name, _ in _RESOLUTIONS}


class DictBook:
    """The zone example.com. A query for `broken.example.com` meets a mistake of ours."""

    def answer(self, qname: bytes, qtype: int) -> Rendered:
        """As the real book does, but without zones, health or memory."""
        name = DomainName(dns.name.from_wire(qname, 0)[0].labels[:-1])
        if name.labels[:1] == (b"broken",):
            raise RuntimeError("this book is broken here")
        if not name.is_under(ORIGIN):
            return render(Resolution(Rcode.REFUSED, authoritative=False), name)
        found = _RESOLUTIONS.get((name, qtype))
        if found is None:
            found = Resolution(Rcode.NOERROR if name in _NAMES else Rcode.NXDOMAIN, authority=(SOA,))
        return render(found, name)
