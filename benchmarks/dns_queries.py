"""DNS queries per second on one core: the server in one process, the client in another, both on loopback.

`python -m benchmarks.dns_queries`; a few seconds for each kind of query. The client is Python too and may be the
slower of the two, so the server's own CPU is measured: one core does as many queries a second as fit in it.
Where Debian's dnsperf is installed, it asks as well.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import dns.message
import uvloop

from stillup.engine.clock import SystemDie
from stillup.engine.dns.book import AnswerBook
from stillup.engine.dns.server import DnsServer
from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.records import Rdata, RecordSet, RecordType
from stillup.rules.resolution import SiteAddresses
from stillup.rules.world import World
from stillup.rules.zones.zone import HostedZone

SECONDS = 3.0
SOCKETS = 8
WINDOW = 32
"""Queries under way on each socket."""
PATIENCE = 0.5
"""Seconds until a window's missing answers count as lost."""
NAMES = 1000


def _world() -> World:
    """One zone with NAMES names, each with an address."""
    apex = DomainName.from_text("example.com")
    servers = tuple(DomainName.from_text(f"ns{number}.example.com") for number in range(4))
    soa = b"".join((servers[0].to_wire(), apex.to_wire(), struct.pack("!5I", 1, 7200, 900, 1209600, 86400)))
    hosts = {
        DomainName.from_text(f"host{number}.example.com"): bytes((203, 0, 113, number % 256))
        for number in range(NAMES)
    }
    nodes = {
        apex: (
            RecordSet(
                apex, RecordType.NS, ttl=172800, records=tuple(Rdata("", each.to_wire()) for each in servers)
            ),
            RecordSet(apex, RecordType.SOA, ttl=900, records=(Rdata("", soa),)),
        ),
        **{
            name: (RecordSet(name, RecordType.A, ttl=60, records=(Rdata("", address),)),)
            for name, address in hosts.items()
        },
    }
    zone = HostedZone(HostedZoneId("Z1"), apex, "benchmark", "", servers, nodes)
    return World(zones={zone.id: zone})


class AllHealthy:
    """Says so."""

    def status(self, _: HealthCheckId) -> Status:
        """Healthy."""
        return Status.HEALTHY


async def _serve(line: Connection) -> None:
    server = DnsServer(AnswerBook(_world(), AllHealthy(), SiteAddresses()), SystemDie())
    [(_, port)] = await server.start([("127.0.0.1", 0)])
    line.send(port)
    asyncio.get_running_loop().add_reader(line.fileno(), lambda: line.send((line.recv(), _cpu())))
    await asyncio.Event().wait()


def _server_process(line: Connection) -> None:
    uvloop.run(_serve(line))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@dataclass
class Subject:
    """The server under load."""

    port: int
    line: Connection

    def cpu(self) -> float:
        """Seconds of CPU that it has used."""
        self.line.send("cpu")
        _, seconds = self.line.recv()
        return float(seconds)


@contextmanager
def subject() -> Iterator[Subject]:
    """A server in another process."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_server_process, args=(there,), daemon=True)
    process.start()
    try:
        yield Subject(here.recv(), here)
    finally:
        process.terminate()
        process.join()


def ask_over_udp(port: int, queries: list[bytes]) -> tuple[int, int]:
    """Ask for SECONDS from several sockets; how many answers came and how many did not."""
    clients = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(SOCKETS)]
    answered = lost = turn = 0
    for client in clients:
        client.connect(("127.0.0.1", port))
        client.settimeout(PATIENCE)
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        for client in clients:
            for _ in range(WINDOW):
                client.send(queries[turn % len(queries)])
                turn += 1
        for client in clients:
            for received in range(WINDOW):
                try:
                    client.recv(4096)
                except TimeoutError:
                    lost += WINDOW - received
                    break
                answered += 1
    for client in clients:
        client.close()
    return answered, lost


def ask_over_tcp(port: int, queries: list[bytes]) -> tuple[int, int]:
    """The same over one connection, a window of queries at a time."""
    answered = 0
    block = b"".join(len(query).to_bytes(2, "big") + query for query in queries[:WINDOW])
    with socket.create_connection(("127.0.0.1", port)) as client, client.makefile("rb") as answers:
        ends = time.monotonic() + SECONDS
        while time.monotonic() < ends:
            client.sendall(block)
            for _ in range(WINDOW):
                answers.read(int.from_bytes(answers.read(2), "big"))
            answered += WINDOW
    return answered, 0


def ask_with_dnsperf(port: int) -> None:
    """Print dnsperf's own figure, if it is here."""
    program = shutil.which("dnsperf")
    if program is None:
        print("dnsperf is not installed")
        return
    with tempfile.TemporaryDirectory() as directory:
        names = Path(directory, "names")
        names.write_text("".join(f"host{number}.example.com A\n" for number in range(NAMES)))
        command = [program, "-s", "127.0.0.1", "-p", str(port), "-d", str(names), "-l", str(SECONDS), "-e"]
        report = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    print("\n".join(line.strip() for line in report.splitlines() if "per second" in line or "lost" in line))


def main() -> None:
    """Measure each kind of query and print a line for it."""
    names = [f"host{number}.example.com" for number in range(NAMES)]
    plain = [dns.message.make_query(name, "A").to_wire() for name in names]
    with_edns = [dns.message.make_query(name, "A", use_edns=0).to_wire() for name in names]
    with subject() as server:
        for label, ask, queries in (
            ("UDP", ask_over_udp, plain),
            ("UDP, EDNS", ask_over_udp, with_edns),
            ("TCP, EDNS", ask_over_tcp, with_edns),
        ):
            cpu_before, started = server.cpu(), time.monotonic()
            answered, lost = ask(server.port, queries)
            took, cpu = time.monotonic() - started, server.cpu() - cpu_before
            print(
                f"{label:10} {answered / cpu:8,.0f} queries/s on one core   {cpu / answered * 1e6:5.1f} µs CPU each"
                f"   ({answered / took:,.0f}/s seen, {lost} lost)"
            )
        ask_with_dnsperf(server.port)


if __name__ == "__main__":
    main()
