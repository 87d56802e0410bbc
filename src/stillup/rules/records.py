"""Resource record sets: what a hosted zone holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.names import DomainName


class RecordType(StrEnum):
    """The record types that Route 53 accepts (DN-4)."""

    SOA = "SOA"
    A = "A"
    TXT = "TXT"
    NS = "NS"
    CNAME = "CNAME"
    MX = "MX"
    NAPTR = "NAPTR"
    PTR = "PTR"
    SRV = "SRV"
    SPF = "SPF"
    AAAA = "AAAA"
    CAA = "CAA"
    DS = "DS"
    TLSA = "TLSA"
    SSHFP = "SSHFP"
    SVCB = "SVCB"
    HTTPS = "HTTPS"

    @property
    def code(self) -> int:
        """The number in the IANA registry of RR types."""
        return RECORD_TYPE_CODES[self]


RECORD_TYPE_CODES: dict[RecordType, int] = {
    RecordType.A: 1,
    RecordType.NS: 2,
    RecordType.CNAME: 5,
    RecordType.SOA: 6,
    RecordType.PTR: 12,
    RecordType.MX: 15,
    RecordType.TXT: 16,
    RecordType.AAAA: 28,
    RecordType.SRV: 33,
    RecordType.NAPTR: 35,
    RecordType.DS: 43,
    RecordType.SSHFP: 44,
    RecordType.TLSA: 52,
    RecordType.SVCB: 64,
    RecordType.HTTPS: 65,
    RecordType.SPF: 99,
    RecordType.CAA: 257,
}


class FailoverRole(StrEnum):
    """The `Failover` field of a record set (2.1)."""

    PRIMARY = "PRIMARY"
    SECONDARY = "SECONDARY"


@dataclass(frozen=True, slots=True)
class GeoLocation:
    """Where the clients are that a record set answers (2.3)."""

    country_code: str
    """ISO 3166-1 alpha-2, or `*` for the default location: everywhere, and nowhere that is known."""


@dataclass(frozen=True, slots=True)
class Rdata:
    """One value of a record set, valid by construction: whoever makes one has parsed the text."""

    text: str
    """As the caller wrote it; what ListResourceRecordSets returns."""
    wire: bytes = field(compare=False)
    """Uncompressed RDATA (RFC 1035 §3.2.1)."""


@dataclass(frozen=True, slots=True)
class AliasTarget:
    """What an alias record set answers for (AL-1)."""

    zone_id: HostedZoneId
    dns_name: DomainName
    evaluate_target_health: bool


@dataclass(frozen=True, slots=True)
class RecordSetKey:
    """The identity of a record set (CH-1)."""

    name: DomainName
    type: RecordType
    set_identifier: str | None = None


@dataclass(frozen=True, slots=True)
class RecordSet:
    """One resource record set: values with a TTL, or an alias, never both (AL-1)."""

    name: DomainName
    type: RecordType
    set_identifier: str | None = None
    failover: FailoverRole | None = None
    multivalue: bool = False
    ttl: int | None = None
    records: tuple[Rdata, ...] = ()
    alias: AliasTarget | None = None
    health_check_id: HealthCheckId | None = None
    weight: int | None = None
    """0 to 255."""
    geolocation: GeoLocation | None = None

    @property
    def key(self) -> RecordSetKey:
        """The record set's identity in its zone."""
        return RecordSetKey(self.name, self.type, self.set_identifier)
