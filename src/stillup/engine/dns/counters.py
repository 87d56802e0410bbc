"""What the DNS server has done since it started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stillup.engine.ports import Figure
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

    def figures(self) -> Sequence[Figure]:
        """As Prometheus takes them."""
        queries = {"udp": self.udp_queries, "tcp": self.tcp_queries}
        return [
            *(
                _counter("stillup_dns_queries_total", "DNS queries that came in.", value, transport=transport)
                for transport, value in queries.items()
            ),
            *(
                _counter(
                    "stillup_dns_answers_total", "DNS answers by response code.", value, rcode=rcode.name
                )
                for rcode, value in self.answers.items()
            ),
            _counter(
                "stillup_dns_truncated_answers_total",
                "DNS answers that sent the client to TCP.",
                self.truncated,
            ),
            _counter(
                "stillup_dns_unanswered_packets_total",
                "Packets that deserved no answer: too short, or answers themselves.",
                self.unanswered,
            ),
            _counter(
                "stillup_dns_undelivered_answers_total",
                "DNS answers that the network did not take.",
                self.undelivered,
            ),
            _counter(
                "stillup_dns_failures_total",
                "Queries answered SERVFAIL because of a mistake of stillup's.",
                self.failures,
            ),
            Figure(
                "stillup_dns_connections", "DNS connections over TCP that are open.", self.connections, {}
            ),
        ]


def _counter(name: str, text: str, value: float, **labels: str) -> Figure:
    return Figure(name, text, value, labels, is_counter=True)
