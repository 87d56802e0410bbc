"""The name servers and the two record sets that a new zone is born with (HZ-2)."""

from __future__ import annotations

import struct
from typing import Final

from stillup.rules.names import DomainName
from stillup.rules.records import Rdata, RecordSet, RecordType

NS_TTL: Final = 172_800
SOA_TTL: Final = 900
HOSTMASTER: Final = DomainName.from_text("awsdns-hostmaster.amazon.com")
SOA_NUMBERS: Final = (1, 7_200, 900, 1_209_600, 86_400)
"""Serial, refresh, retry, expire and minimum; changes do not increment the serial (HZ-2)."""

CHANCE_OCTETS: Final = 8

_TOP_LEVELS: Final = ("com", "net", "org", "co.uk")
_SERVERS_PER_TOP_LEVEL: Final = 512


def default_name_servers(chance: bytes) -> tuple[DomainName, ...]:
    """Four servers by AWS's scheme, one under each of .com, .net, .org and .co.uk.

    | server                | numbers   | block            |
    |-----------------------|-----------|------------------|
    | ns-N.awsdns-BB.com    | 0–511     | N // 8           |
    | ns-N.awsdns-BB.net    | 512–1023  | (N - 512) // 8   |
    | ns-N.awsdns-BB.org    | 1024–1535 | (N - 1024) // 8  |
    | ns-N.awsdns-BB.co.uk  | 1536–2047 | (N - 1536) // 8  |

    `chance` has 8 octets.
    """
    servers = []
    for index, (drawn, top_level) in enumerate(zip(struct.unpack("!4H", chance), _TOP_LEVELS, strict=True)):
        within = drawn % _SERVERS_PER_TOP_LEVEL
        number = index * _SERVERS_PER_TOP_LEVEL + within
        servers.append(DomainName.from_text(f"ns-{number}.awsdns-{within // 8:02d}.{top_level}"))
    return tuple(servers)


def default_record_sets(zone_name: DomainName, servers: tuple[DomainName, ...]) -> tuple[RecordSet, ...]:
    """The NS and SOA at the apex of a new zone with these servers."""
    name_servers = tuple(Rdata(server.to_text(), server.to_wire()) for server in servers)
    soa = Rdata(
        " ".join((servers[0].to_text(), HOSTMASTER.to_text(), *map(str, SOA_NUMBERS))),
        servers[0].to_wire() + HOSTMASTER.to_wire() + struct.pack("!5I", *SOA_NUMBERS),
    )
    return (
        RecordSet(zone_name, RecordType.NS, ttl=NS_TTL, records=name_servers),
        RecordSet(zone_name, RecordType.SOA, ttl=SOA_TTL, records=(soa,)),
    )
