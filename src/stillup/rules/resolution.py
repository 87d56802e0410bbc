"""What a query for a name and type is answered with: the sections of the answer, and why.

The values here are the border between deciding (rules/routing, rules/lookup) and spelling (wire/dns).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address
from typing import TypeAlias

from stillup.rules.chance import bounds_of, pick
from stillup.rules.ids import HealthCheckId
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSetKey, RecordType


class Rcode(IntEnum):
    """Response codes (RFC 1035 §4.1.1, RFC 6891 §9)."""

    NOERROR = 0
    FORMERR = 1
    SERVFAIL = 2
    NXDOMAIN = 3
    NOTIMP = 4
    REFUSED = 5
    BADVERS = 16


class RoutingRule(IntEnum):
    """Which rule decided, for `why` (2.1, 2.2, 2.3)."""

    SIMPLE = 0
    FAILOVER_PRIMARY_HEALTHY = 1
    FAILOVER_SECONDARY_HEALTHY = 2
    FAILOVER_NOBODY_HEALTHY = 3
    FAILOVER_ONLY_MEMBER = 4
    MULTIVALUE_HEALTHY = 5
    MULTIVALUE_NOBODY_HEALTHY = 6
    WEIGHTED_HEALTHY = 7
    WEIGHTED_ZERO_HEALTHY = 8
    WEIGHTED_NOBODY_HEALTHY = 9
    GEOLOCATION_DEFAULT = 10


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record set was chosen: the rule, the chosen sets, and the checks that spoke against the others."""

    rule: RoutingRule
    chosen: tuple[RecordSetKey, ...]
    unhealthy: tuple[HealthCheckId, ...] = ()


@dataclass(frozen=True, slots=True)
class RRset:
    """Records of one name and type, as they go on the wire; `type` is the number, `rdata` uncompressed."""

    name: DomainName
    type: int
    ttl: int
    rdata: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SiteAddresses:
    """Where the static site listens: what an alias to an S3 website endpoint is answered with.

    Raises ValueError for a text that is not an address of its family.
    """

    v4: tuple[str, ...] = ()
    v6: tuple[str, ...] = ()
    ttl: int = 60
    """Seconds. AWS documents none for S3 (AL-2); 60 is what it gives its other alias targets."""

    def __post_init__(self) -> None:
        self.rdata(RecordType.A)
        self.rdata(RecordType.AAAA)

    def rdata(self, record_type: RecordType) -> tuple[bytes, ...]:
        """The addresses as RDATA of this type; none for types that hold no address."""
        match record_type:
            case RecordType.A:
                return tuple(IPv4Address(address).packed for address in self.v4)
            case RecordType.AAAA:
                return tuple(IPv6Address(address).packed for address in self.v6)
            case _:
                return ()


Fact: TypeAlias = tuple[DomainName, RecordType | None]
"""Something a zone holds that an answer may rest on: the record sets of a name and type, or, with None,
whether the name exists at all and whether it is delegated."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """A whole answer. `depends_on` names every health check whose status could have changed it,
    `rests_on` every fact of the zone that was looked at: while neither changes, nor does the answer.

    `alternatives` holds other, equally right answer sections, where chance decides (the order of the values
    of a simple record, the eight of a multivalue group, the member of a weighted one): a server picks one for
    each query.
    """

    rcode: Rcode
    authoritative: bool = True
    answer: tuple[RRset, ...] = ()
    authority: tuple[RRset, ...] = ()
    additional: tuple[RRset, ...] = ()
    alternatives: tuple[tuple[RRset, ...], ...] = ()
    weights: tuple[int, ...] = ()
    """How often to pick `answer` and each of `alternatives`, relative to each other; none means equally often."""
    depends_on: frozenset[HealthCheckId] = frozenset()
    rests_on: frozenset[Fact] = frozenset()
    reasons: tuple[Reason, ...] = ()
    """One for each choice, in the order in which CNAME records and aliases led to them."""
    wildcard: DomainName | None = None
    """The wildcard that stood in for the name (RFC 4592 §3.3)."""

    def answer_at(self, fraction: float) -> tuple[RRset, ...]:
        """The answer section that a throw of the die picks; `fraction` is from 0 up to, and not including, 1."""
        answers = (self.answer, *self.alternatives)
        return answers[pick(fraction, len(answers), bounds_of(self.weights))]
