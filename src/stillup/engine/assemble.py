"""The only file that knows every duty: who is handed to whom, and in which order they start and stop."""

from __future__ import annotations

import asyncio
import logging
import resource
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Final, TypeVar

import uvloop

from stillup.engine.api.call import ApiPorts, ApiSettings
from stillup.engine.api.listener import api_application
from stillup.engine.api.operations import OPERATIONS
from stillup.engine.clock import EngineClock, SystemDie
from stillup.engine.compute import Supervisor
from stillup.engine.config import Address, ServeConfig
from stillup.engine.dns.book import AnswerBook
from stillup.engine.dns.server import DnsServer
from stillup.engine.health.fleet import Fleet
from stillup.engine.health.prober import Prober
from stillup.engine.health.resolver import SystemResolver
from stillup.engine.http import HttpListener
from stillup.engine.logs import log_to_standard_error
from stillup.engine.site.application import site_application
from stillup.engine.status.application import status_application
from stillup.engine.status.view import StatusPorts
from stillup.engine.store import Store, StoreUnusable, open_store
from stillup.rules.health.addresses import ProbePolicy
from stillup.rules.resolution import SiteAddresses

DESCRIPTORS: Final = 10_240
"""For every connection that the listeners and the probes may have, twice. It is also the most that macOS gives, and not
so many that an instance's program, which inherits it, takes long to close them all."""

_UNBUILT: Final[Any] = None
_log: Final = logging.getLogger(__name__)
_Bound = TypeVar("_Bound")


class CannotStart(Exception):
    """The operator's or the world's fault: the text says what to put right."""


def serve(config: ServeConfig) -> int:
    """Run an engine until SIGTERM or SIGINT; the exit code: 0 stopped as asked, 1 it could not start."""
    log_to_standard_error()
    _allow_many_connections()
    try:
        uvloop.run(_run(config))
    except CannotStart as reason:
        sys.stderr.write(f"stillup serve: {reason}\n")
        return 1
    return 0


def _allow_many_connections() -> None:
    """More file descriptors than a shell's 1024, where the operator permits: each connection is one."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now != resource.RLIM_INFINITY and now < DESCRIPTORS:
        wanted = DESCRIPTORS if most == resource.RLIM_INFINITY else min(DESCRIPTORS, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


async def _run(config: ServeConfig) -> None:
    stopping = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)
    async with AsyncExitStack() as running:
        engine = Engine(config)
        await engine.start(running)
        sys.stdout.write(engine.ready_line + "\n")
        sys.stdout.flush()
        await stopping.wait()
        engine.not_ready = "it is stopping"


class Engine:
    """The duties of one engine. `start` puts them to work; leaving the stack stops them in reverse."""

    def __init__(self, config: ServeConfig) -> None:
        self._config = config
        self._clock = EngineClock(config.clock_rate)
        self._die = SystemDie()
        self.not_ready: str | None = "it is starting"
        self.ready_line = ""

    async def start(self, running: AsyncExitStack) -> None:
        """Start every duty. Raises CannotStart; what did start is then on the stack and stops with it.

        The order: whatever an answer rests on is there before anybody can ask for it. Stopping is the same list
        read backwards, so that listeners go first and the journal last.
        """
        # 1. The world, as the journal has it.
        store = self._open_store()
        running.push_async_callback(store.close)
        # 2. The instances: a primary that we run ourselves is up before it is probed.
        supervisor = self._supervisor(store)
        supervisor.start()
        running.push_async_callback(supervisor.close)
        # 3. Health, then the answers that rest on it: the book hears of each status in the step that decides it,
        #    and of each world after the fleet did, so that it finds the statuses of new checks.
        fleet = self._fleet(store)
        book = AnswerBook(store.worlds.current, fleet, self._site_addresses())
        fleet.subscribe(book.apply)
        fleet.start()
        running.push_async_callback(fleet.close)
        store.worlds.subscribe(book.publish)
        # 4. The listeners.
        dns = DnsServer(book, self._die)
        bound = await self._listen("dns", lambda: dns.start([(a.host, a.port) for a in self._config.dns]))
        running.push_async_callback(dns.close)
        ports = self._api_ports(store, fleet, book, supervisor)
        applications = {
            "api": (self._config.api, api_application(ports, OPERATIONS, throttle=self._config.throttle)),
            "site": (self._config.site, site_application(store.worlds, store.blobs, self._clock, self._die)),
            "console": (
                self._config.console,
                status_application(
                    StatusPorts(store.worlds, fleet, fleet, book), self._clock, lambda: self.not_ready
                ),
            ),
        }
        said = {"dns": ",".join(str(Address(*each)) for each in bound)}
        for name, (address, application) in applications.items():
            listener = HttpListener(application, address.host, address.port)
            said[name] = str(Address(*await self._listen(name, listener.start)))
            running.push_async_callback(listener.close)
        # 5. Ready.
        self.ready_line = " ".join(("ready", *(f"{name}={where}" for name, where in said.items())))
        self.not_ready = None
        _log.info("ready", extra=said)

    def _open_store(self) -> Store:
        try:
            return open_store(self._config.data, self._die)
        except StoreUnusable as reason:
            raise CannotStart(str(reason)) from reason

    def _supervisor(self, store: Store) -> Supervisor:
        directory = self._config.data / "instances"
        try:
            return Supervisor(self._config.instances, store.worlds, directory=directory, clock=self._clock)
        except OSError as reason:
            raise CannotStart(f"{directory}: {reason}") from reason

    def _fleet(self, store: Store) -> Fleet:
        policy = ProbePolicy.from_text(allow=self._config.probe_allow, deny=self._config.probe_deny)
        return Fleet(
            worlds=store.worlds,
            clock=self._clock,
            die=self._die,
            prober=Prober(clock=self._clock, resolver=SystemResolver(), may_probe=policy.permits),
            archive=store.statuses,
            vantages=self._config.vantages,
            fraction=self._config.healthy_fraction,
        )

    def _site_addresses(self) -> SiteAddresses:
        addresses = self._config.site_address
        return SiteAddresses(
            v4=tuple(str(each) for each in addresses if each.version == 4),
            v6=tuple(str(each) for each in addresses if each.version == 6),
            ttl=self._config.s3_alias_ttl,
        )

    def _api_ports(self, store: Store, fleet: Fleet, book: AnswerBook, supervisor: Supervisor) -> ApiPorts:
        config = self._config
        return ApiPorts(
            worlds=store.worlds,
            clock=self._clock,
            die=self._die,
            statuses=fleet,
            reports=fleet,
            resolver=book,
            applied=book,
            blobs=store.blobs,
            instances=supervisor,
            metrics=_UNBUILT,
            history=_UNBUILT,
            deliveries=_UNBUILT,
            dead_letters=_UNBUILT,
            settings=ApiSettings(
                account_id=config.account,
                region=config.region,
                name_servers=config.name_servers,
                probe_allow=config.probe_allow,
                probe_deny=config.probe_deny,
            ),
        )

    async def _listen(self, name: str, start: Callable[[], Awaitable[_Bound]]) -> _Bound:
        try:
            return await start()
        except OSError as reason:
            raise CannotStart(f"--{name}: {reason}") from reason
