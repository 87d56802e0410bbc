"""A hosted zone as a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stillup.rules.ids import ChangeId, HostedZoneId, Instant
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet, RecordType


@dataclass(frozen=True, slots=True)
class HostedZone:
    """A public hosted zone. `nodes` maps each name that owns record sets to them, never to nothing.

    The record sets of a node are ordered by type, then by SetIdentifier (LS-1).
    """

    id: HostedZoneId
    name: DomainName
    caller_reference: str
    comment: str
    name_servers: tuple[DomainName, ...]
    nodes: Mapping[DomainName, tuple[RecordSet, ...]]
    tags: Mapping[str, str] = field(default_factory=dict)

    def record_sets(self) -> Iterator[RecordSet]:
        """Every record set, in no order that a caller may rely on."""
        for node in self.nodes.values():
            yield from node

    def group(self, name: DomainName, record_type: RecordType) -> tuple[RecordSet, ...]:
        """The record sets of one name and type: one simple set, or the members of a routing group."""
        return tuple(each for each in self.nodes.get(name, ()) if each.type is record_type)

    @property
    def record_set_count(self) -> int:
        """How many record sets the zone holds."""
        return sum(map(len, self.nodes.values()))


@dataclass(frozen=True, slots=True)
class Submission:
    """One accepted change to the DNS, which GetChange reports on (CH-6)."""

    id: ChangeId
    submitted_at: Instant
    comment: str = ""
