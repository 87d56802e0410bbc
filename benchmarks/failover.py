"""From the deciding observation to the changed answers, in a zone of ten thousand names.

`python -m benchmarks.failover`; some seconds. The goal is under 5 ms to the first changed answer. Two clocks: one runs
from the observation that decides, through verdicts, count and status, to the changed packet; the other from the call
that tells the answer book of a new status until every dependent answer has been asked for and is the new one.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import replace

import dns.message

from stillup.engine.clock import SystemDie
from stillup.engine.dns.book import AnswerBook
from stillup.engine.dns.counters import DnsCounters
from stillup.engine.dns.responder import Responder
from stillup.engine.health.fleet import DEFAULT_VANTAGES
from stillup.engine.health.ledger import Ledger
from stillup.engine.health.probe import Observation
from stillup.engine.ports import StatusChange
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType, Status
from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.records import AliasTarget, FailoverRole, Rdata, RecordSet, RecordType
from stillup.rules.resolution import SiteAddresses
from stillup.rules.world import World
from stillup.rules.zones.s3_endpoints import ENDPOINT_NAMES, ENDPOINT_ZONE_IDS
from stillup.rules.zones.zone import HostedZone

NAMES = 10_000
DEPENDANTS = (1, 100, NAMES)
ROUNDS = 20
CHECK = HealthCheckId("00000000-0000-4000-8000-000000000000")
APEX = DomainName.from_text("example.com")
REGION = "us-east-1"


class Statuses:
    """One check, up or down."""

    def __init__(self) -> None:
        self.now = Status.HEALTHY

    def status(self, check_id: HealthCheckId) -> Status:
        return self.now


def failover_pair(owner: DomainName) -> tuple[RecordSet, ...]:
    """The guide's records: the server while it is healthy, else the site."""
    address = Rdata("203.0.113.10", bytes([203, 0, 113, 10]))
    pair = RecordSet(owner, RecordType.A)
    return (
        replace(
            pair,
            set_identifier="primary",
            failover=FailoverRole.PRIMARY,
            ttl=60,
            records=(address,),
            health_check_id=CHECK,
        ),
        replace(
            pair,
            set_identifier="secondary",
            failover=FailoverRole.SECONDARY,
            alias=AliasTarget(
                ENDPOINT_ZONE_IDS[REGION][0], ENDPOINT_NAMES[REGION], evaluate_target_health=False
            ),
        ),
    )


def zone_of(owners: Sequence[DomainName], dependants: int) -> HostedZone:
    """Names of which the first few depend on the check."""
    server = DomainName.from_text("ns-1.awsdns-1.com").to_wire()
    soa = server + server + bytes(16) + (86400).to_bytes(4)
    apex = (
        RecordSet(APEX, RecordType.NS, ttl=172800, records=(Rdata("ns-1.awsdns-1.com.", server),)),
        RecordSet(APEX, RecordType.SOA, ttl=900, records=(Rdata("…", soa),)),
    )
    plain = (Rdata("192.0.2.1", bytes([192, 0, 2, 1])),)
    nodes = {APEX: apex}
    for number, owner in enumerate(owners):
        if number < dependants:
            nodes[owner] = failover_pair(owner)
        else:
            nodes[owner] = (RecordSet(owner, RecordType.A, ttl=60, records=plain),)
    return HostedZone(HostedZoneId("Z1"), APEX, "", "", (), nodes)


def measure(dependants: int) -> tuple[list[float], list[float], list[float]]:
    """Seconds for `apply`, until the first dependent answer has changed, and until the last one has."""
    owners = [DomainName.from_text(f"host-{number}.example.com") for number in range(NAMES)]
    statuses = Statuses()
    zone = zone_of(owners, dependants)
    book = AnswerBook(World(zones={zone.id: zone}), statuses, SiteAddresses(("198.51.100.7",)))
    asked = [owner.to_wire() for owner in owners]
    before = [book.answer(qname, RecordType.A.code) for qname in asked]
    applied, first, last = [], [], []
    for _ in range(ROUNDS):
        statuses.now = statuses.now.opposite
        start = time.perf_counter()
        book.apply([StatusChange(CHECK, statuses.now, 0.0)])
        applied.append(time.perf_counter() - start)
        answers = [book.answer(asked[0], RecordType.A.code)]
        first.append(time.perf_counter() - start)
        answers += [book.answer(qname, RecordType.A.code) for qname in asked[1:dependants]]
        last.append(time.perf_counter() - start)
        if any(answer == old for answer, old in zip(answers, before, strict=False)):
            raise AssertionError("an answer did not change")
        before = answers
    return applied, first, last


def measure_from_observation(dependants: int) -> list[float]:
    """Seconds from the ninth of nine failures, or successes, to a packet with another address in it."""
    owners = [DomainName.from_text(f"host-{number}.example.com") for number in range(NAMES)]
    ledger = Ledger(DEFAULT_VANTAGES)
    config = HealthCheckConfig(HealthCheckType.HTTP, ip_address="203.0.113.10", port=80)
    ledger.put(HealthCheck(CHECK, "", config), 0.0)
    zone = zone_of(owners, dependants)
    book = AnswerBook(World(zones={zone.id: zone}), ledger, SiteAddresses(("198.51.100.7",)))
    responder = Responder(book, SystemDie(), DnsCounters())
    query = dns.message.make_query("host-0.example.com", "A").to_wire()
    taken = []
    for number in range(ROUNDS):
        seen = Status.UNHEALTHY if number % 2 == 0 else Status.HEALTHY
        observation = Observation(seen, "", 0.0)
        before = responder.respond_udp(query)
        results = [(round_, vantage) for round_ in range(3) for vantage in DEFAULT_VANTAGES]
        # Three of three must say unhealthy, one of three healthy (HC-27).
        deciding = 8 if seen is Status.UNHEALTHY else 6
        for _, vantage in results[:deciding]:
            book.apply(ledger.observe(CHECK, vantage, observation, 0.0))
        start = time.perf_counter()
        book.apply(ledger.observe(CHECK, results[deciding][1], observation, 0.0))
        after = responder.respond_udp(query)
        taken.append(time.perf_counter() - start)
        if after == before:
            raise AssertionError("the answer did not change")
        for _, vantage in results[deciding + 1 :]:
            book.apply(ledger.observe(CHECK, vantage, observation, 0.0))
    return taken


def main() -> None:
    """Print the medians and the worst of twenty flips."""
    print(f"{NAMES} names; milliseconds, median (worst) of {ROUNDS} status changes")
    for dependants in DEPENDANTS:
        taken = measure_from_observation(dependants)
        print(
            f"from the deciding observation to the changed packet, {dependants} dependent: "
            f"{statistics.median(taken) * 1e3:.2f} ({max(taken) * 1e3:.2f})"
        )
    print(f"{'dependent answers':>18} {'apply':>16} {'first answer':>16} {'all answers':>18}")
    for dependants in DEPENDANTS:
        figures = [
            f"{statistics.median(each) * 1e3:.2f} ({max(each) * 1e3:.2f})" for each in measure(dependants)
        ]
        print(f"{dependants:>18} {figures[0]:>16} {figures[1]:>16} {figures[2]:>18}")


if __name__ == "__main__":
    main()
