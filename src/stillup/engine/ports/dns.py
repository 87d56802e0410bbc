"""What the DNS servers answer, and how far they are."""

from __future__ import annotations

from typing import Protocol

from stillup.rules.ids import HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.resolution import Resolution


class Applied(Protocol):
    """How far the DNS servers are: GetChange says INSYNC up to this sequence number."""

    def applied_sequence(self) -> int:
        """The lowest sequence number that every DNS server of the engine has applied."""


class Resolver(Protocol):
    """Answers as the DNS servers would give them; for TestDNSAnswer and the status page."""

    def resolve(self, zone_id: HostedZoneId, name: DomainName, record_type: int) -> Resolution:
        """The answer right now, from this zone alone."""
