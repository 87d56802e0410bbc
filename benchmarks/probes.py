"""Probes per second and CPU per probe, against a server in another process on loopback.

`python -m benchmarks.probes`; a few seconds for each type. The figures are those of the prober alone: the
server's CPU is its own process's.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection

import trustme
import uvloop

from stillup.engine.clock import EngineClock
from stillup.engine.health.probe import Probe, probe_of
from stillup.engine.health.prober import Prober
from stillup.engine.health.resolver import SystemResolver
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType, Status
from stillup.rules.health.refinements import refinements_of
from stillup.rules.ids import HealthCheckId

SECONDS = 3.0
AT_ONCE = 8
TYPES = (HealthCheckType.HTTP, HealthCheckType.HTTP_STR_MATCH, HealthCheckType.TCP, HealthCheckType.HTTPS)


class Page(asyncio.Protocol):
    """Answers whatever it gets with a small page."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(  # type: ignore[attr-defined]
            b"HTTP/1.1 200 OK\r\nServer: target\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
            b"Content-Type: text/html\r\nContent-Length: 16\r\nConnection: close\r\n\r\n<h1>still up</h1"
        )


async def _serve(ports: Connection) -> None:
    loop = asyncio.get_running_loop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("www.example.com").configure_cert(context)
    plain = await loop.create_server(Page, "127.0.0.1", 0, backlog=1024)
    secure = await loop.create_server(Page, "127.0.0.1", 0, backlog=1024, ssl=context)
    ports.send((plain.sockets[0].getsockname()[1], secure.sockets[0].getsockname()[1]))
    await asyncio.Event().wait()


def _target(ports: Connection) -> None:
    uvloop.run(_serve(ports))


@asynccontextmanager
async def target() -> AsyncIterator[tuple[int, int]]:
    """A server in another process: its HTTP and its HTTPS port."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_target, args=(there,), daemon=True)
    server.start()
    try:
        yield here.recv()
    finally:
        server.terminate()
        server.join()


def probe_for(kind: HealthCheckType, port: int) -> Probe:
    """A probe of this type to a loopback port."""
    check = HealthCheck(
        id=HealthCheckId("00000000-0000-4000-8000-000000000000"),
        caller_reference="benchmark",
        config=HealthCheckConfig(
            type=kind,
            ip_address="127.0.0.1",
            port=port,
            fqdn="www.example.com" if kind is not HealthCheckType.TCP else None,
            search_string="still up" if kind.searches_body else None,
        ),
    )
    return probe_of(check, refinements_of(check))


async def measure(prober: Prober, probe: Probe) -> tuple[float, float]:
    """Probes per second, and microseconds of CPU for each."""
    done = 0
    ends = time.monotonic() + SECONDS

    async def keep_probing() -> None:
        nonlocal done
        while time.monotonic() < ends:
            seen = await prober.probe(probe)
            assert seen.status is Status.HEALTHY, seen
            done += 1

    before, started = _cpu(), time.monotonic()
    await asyncio.gather(*(keep_probing() for _ in range(AT_ONCE)))
    return done / (time.monotonic() - started), (_cpu() - before) / done * 1e6


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def main() -> None:
    """Measure every type and print a line for each."""
    prober = Prober(clock=EngineClock(), resolver=SystemResolver(), may_probe=lambda _: True)
    async with target() as (plain, secure):
        for kind in TYPES:
            probe = probe_for(kind, secure if kind.is_tls else plain)
            rate, cpu = await measure(prober, probe)
            print(f"{kind.value:16} {rate:8,.0f} probes/s   {cpu:6.0f} µs CPU each")


if __name__ == "__main__":
    uvloop.run(main())
