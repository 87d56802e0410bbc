"""What the DNS server has done since it started; for the status page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stillup.rules.resolution import Rcode


def _one_for_each_rcode() -> list[int]:
    return [0] * (max(Rcode) + 1)


@dataclass(slots=True)
class DnsCounters:
    """Running totals. The server alone writes them; whoever shows them reads."""

    udp_queries: int = 0
    tcp_queries: int = 0
    truncated: int = 0
    """Responses that told the client to come back over TCP."""
    unanswered: int = 0
    """Packets that deserved silence: too short, or themselves responses."""
    undelivered: int = 0
    """Responses that the system would not take or the network refused."""
    failures: int = 0
    """Queries answered SERVFAIL because of a mistake of ours; each kind is in the log once."""
    connections: int = 0
    """TCP connections that are open now."""
    by_rcode: list[int] = field(default_factory=_one_for_each_rcode)
    """A list, indexed by Rcode, because it is written for every query."""

    @property
    def answers(self) -> Mapping[Rcode, int]:
        """How many responses had each response code."""
        return {rcode: self.by_rcode[rcode] for rcode in Rcode}
