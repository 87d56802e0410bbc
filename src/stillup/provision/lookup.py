"""Questions to one DNS server, by UDP and, where that is cut short, by TCP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver

from stillup.plan.address import Address

DNS_PORT: Final = 53


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said about a name."""

    rcode: str
    """`NOERROR`, `NXDOMAIN`, …"""
    addresses: tuple[str, ...] = ()
    """The data of the records of the type that was asked for."""
    names: tuple[str, ...] = ()
    """What CNAME records lead to; lower case, without the last dot."""
    ttl: int = 0
    """Seconds that it may be kept: the least TTL on the way."""

    @property
    def values(self) -> tuple[str, ...]:
        """Everything that it leads to."""
        return (*self.names, *self.addresses)

    def __str__(self) -> str:
        found = self.addresses or self.names
        return ", ".join(sorted(found)) if found else ("no data" if self.rcode == "NOERROR" else self.rcode)


class Unanswered(Exception):
    """The server did not answer; the text says why."""


def ask(server: Address, name: str, rdtype: str = "A", *, timeout: float, recurse: bool = False) -> Answer:
    """What the server, an IP address, says about the name. Raises Unanswered, after `timeout` seconds at the latest.

    `recurse` asks it, as a resolver, to find out what it does not know itself.
    """
    query = dns.message.make_query(name, rdtype)
    if not recurse:
        query.flags &= ~dns.flags.RD
    try:
        reply, _ = dns.query.udp_with_fallback(query, server.host, timeout=timeout, port=server.port)
    except dns.exception.Timeout:
        raise Unanswered(f"no answer within {timeout:g} s") from None
    except (dns.exception.DNSException, OSError, EOFError) as error:
        raise Unanswered(f"no answer: {str(error) or type(error).__name__}") from error
    addresses, names, ttls = [], [], []
    for rrset in reply.answer:
        if rrset.rdtype == dns.rdatatype.CNAME:
            names.append(rrset[0].target.to_text(omit_final_dot=True).lower())
        elif rrset.rdtype == dns.rdatatype.from_text(rdtype):
            addresses += [each.to_text() for each in rrset]
        else:
            continue
        ttls.append(rrset.ttl)
    rcode = dns.rcode.to_text(reply.rcode())
    return Answer(rcode, tuple(addresses), tuple(names), min(ttls, default=0))


def lookup(
    server: Address, name: str, rdtype: str = "A", *, timeout: float, recurse: bool = False
) -> Answer | None:
    """As `ask`; None where the server does not answer."""
    try:
        return ask(server, name, rdtype, timeout=timeout, recurse=recurse)
    except Unanswered:
        return None


def address_of(name: str, *, timeout: float) -> str:
    """An IPv4 address of a name server, as this machine resolves it. Raises DNSException."""
    return str(dns.resolver.resolve(name, "A", lifetime=timeout)[0])
