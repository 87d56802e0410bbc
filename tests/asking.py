"""Asking a zone written by hand, and reading the answer as lines of a zone file."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

import dns.rdata
import dns.rdatatype

from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId
from stillup.rules.lookup import ZoneTree, resolve
from stillup.rules.resolution import Resolution, RRset, SiteAddresses
from stillup.rules.zones.zone import HostedZone
from tests.by_hand import name

SITE = SiteAddresses(("198.51.100.7",), ("2001:db8::7",))


def ask(
    zone: HostedZone,
    qname: str,
    qtype: str | int,
    *,
    down: AbstractSet[str] = frozenset(),
    site: SiteAddresses = SITE,
) -> Resolution:
    """The zone's answer while these health checks are unhealthy and all others healthy."""

    def status_of(check_id: HealthCheckId) -> Status:
        return Status.UNHEALTHY if check_id in down else Status.HEALTHY

    code = qtype if isinstance(qtype, int) else int(dns.rdatatype.from_text(qtype))
    return resolve(ZoneTree.of(zone), name(qname), code, status_of=status_of, site=site)


def lines(section: Iterable[RRset]) -> list[str]:
    """`owner TTL TYPE value`, a line for each record."""
    return [
        f"{rrset.name} {rrset.ttl} {dns.rdatatype.to_text(dns.rdatatype.RdataType.make(rrset.type))} "
        + dns.rdata.from_wire("IN", rrset.type, rdata, 0, len(rdata)).to_text()
        for rrset in section
        for rdata in rrset.rdata
    ]


def values(section: Iterable[RRset]) -> list[str]:
    """The values alone."""
    return [line.split(" ", 3)[3] for line in lines(section)]
