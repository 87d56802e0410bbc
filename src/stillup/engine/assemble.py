"""The only file that knows every duty: who is handed to whom, and in which order they start and stop."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import os
import resource
import signal
import ssl
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from ipaddress import ip_address
from pathlib import Path
from typing import Final, TypeVar

import uvloop
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from stillup.engine.alarms.keeper import AlarmKeeper
from stillup.engine.api.audit import AuditLog
from stillup.engine.api.authentication import Authentication
from stillup.engine.api.call import ApiPorts, ApiSettings
from stillup.engine.api.counters import ApiCounters
from stillup.engine.api.listener import Application, api_application
from stillup.engine.api.operations import OPERATIONS
from stillup.engine.api.root_key import RootKeyUnusable, root_key
from stillup.engine.clock import EngineClock, SystemDie
from stillup.engine.compute import Supervisor
from stillup.engine.config import Address, ServeConfig
from stillup.engine.dns.book import AnswerBook
from stillup.engine.dns.server import DnsServer
from stillup.engine.health.fleet import Fleet
from stillup.engine.health.prober import Prober
from stillup.engine.health.resolver import SystemResolver
from stillup.engine.http import CertificateUnusable, HttpListener, tls_context
from stillup.engine.logs import log_to_standard_error
from stillup.engine.notify.certificate import serving
from stillup.engine.notify.duty import Notifications, NotifySettings
from stillup.engine.notify.pages import page_routes
from stillup.engine.notify.signing import Signer
from stillup.engine.ports import Figures
from stillup.engine.site.application import site_application
from stillup.engine.status.application import status_application
from stillup.engine.status.view import StatusPorts
from stillup.engine.store import Store, StoreUnusable, open_store
from stillup.rules.health.addresses import ProbePolicy
from stillup.rules.resolution import SiteAddresses

DESCRIPTORS: Final = 10_240
"""For every connection that the listeners and the probes may have, twice. It is also the most that macOS gives, and not
so many that an instance's program, which inherits it, takes long to close them all."""

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


def _show_root_key(path: Path, credentials: str) -> None:
    """To whoever sits at the terminal. Elsewhere standard error is a log, in which no secret belongs."""
    if sys.stderr.isatty():
        sys.stderr.write(f"The account's root key, shown this once and kept in {path}:\n\n{credentials}\n")
    else:
        sys.stderr.write(f"The account's root key is new, and in {path}\n")


async def _run(config: ServeConfig) -> None:
    stopping = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)
    async with AsyncExitStack() as running:
        engine = Engine(config)
        await engine.start(running)
        # What is there now stays: the collector, off since the start, need never look through it.
        gc.freeze()
        gc.enable()
        sys.stdout.write(engine.ready_line + "\n")
        sys.stdout.flush()
        await stopping.wait()
        engine.not_ready = "it is stopping"


class Engine:
    """The duties of one engine. `start` puts them to work; leaving the stack stops them in reverse."""

    def __init__(self, config: ServeConfig) -> None:
        self._config = config
        self._die = SystemDie()
        self._clock: EngineClock
        self.not_ready: str | None = "it is starting"
        self.ready_line = ""

    async def start(self, running: AsyncExitStack) -> None:
        """Start every duty. Raises CannotStart; what did start is then on the stack and stops with it.

        The order: whatever an answer rests on is there before anybody can ask for it. Stopping is the same list
        read backwards, so that listeners go first and the journal last.
        """
        # 1. The world, as the journal has it; a fast clock goes on where it was.
        store = self._open_store()
        running.push_async_callback(store.close)
        self._clock = EngineClock(self._config.clock_rate, not_before=store.latest_instant())
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
        # 4. The alarms, which rest on both.
        alarms = self._alarms(store, fleet, book)
        alarms.start()
        running.push_async_callback(alarms.close)
        # 5. The listeners, and the notifications, whose links lead to them.
        said = await self._start_listeners(store, fleet, book, supervisor, alarms, running)
        # 6. Ready.
        self.ready_line = " ".join(("ready", *(f"{name}={where}" for name, where in said.items())))
        self.not_ready = None
        _log.info("ready", extra=said)

    async def _start_listeners(
        self,
        store: Store,
        fleet: Fleet,
        book: AnswerBook,
        supervisor: Supervisor,
        alarms: AlarmKeeper,
        running: AsyncExitStack,
    ) -> dict[str, str]:
        """Start whatever others can reach, and tell where."""
        dns = DnsServer(book, self._die)
        bound = await self._listen("dns", lambda: dns.start([(a.host, a.port) for a in self._config.dns]))
        running.push_async_callback(dns.close)
        counters, signer = ApiCounters(), self._signer()
        duties: list[Figures] = [store, fleet, dns, counters, alarms]
        api = self._api(self._api_ports(store, fleet, book, supervisor), counters, running)
        said = await self._start_http(
            {
                "api": serving(signer.certificate, signer.path, api),
                "site": site_application(store.worlds, store.blobs, self._clock, self._die),
                "console": self._console(store, fleet, book, duties),
            },
            running,
        )
        notifications = self._notifications(store, alarms, signer, api=said["api"], console=said["console"])
        duties.append(notifications)
        notifications.start()
        running.push_async_callback(notifications.close)
        return {"dns": ",".join(str(Address(*each)) for each in bound), **said}

    async def _start_http(
        self, applications: Mapping[str, ASGIApp], running: AsyncExitStack
    ) -> dict[str, str]:
        """Where each application listens. The site is for everybody, and S3's websites have no TLS (8.g)."""
        config = self._config
        tls = self._tls()
        said = {}
        started: list[HttpListener] = []

        async def close() -> None:
            # Together: each may wait for responses that are under way.
            await asyncio.gather(*(each.close() for each in started))

        running.push_async_callback(close)
        for name, address, listener_tls in (
            ("api", config.api, tls),
            ("site", config.site, None),
            ("console", config.console, tls),
        ):
            listener = HttpListener(applications[name], address.host, address.port, tls=listener_tls)
            said[name] = str(Address(*await self._listen(name, listener.start)))
            started.append(listener)
        return said

    def _tls(self) -> ssl.SSLContext | None:
        certificate, key = self._config.tls_cert, self._config.tls_key
        if certificate is None or key is None:
            return None
        try:
            return tls_context(certificate, key)
        except CertificateUnusable as reason:
            raise CannotStart(f"--tls-cert and --tls-key: {reason}") from reason

    def _api(self, ports: ApiPorts, counters: ApiCounters, running: AsyncExitStack) -> Application:
        """The API behind its doors: who calls, and what is noted of it."""
        config = self._config
        given = (config.root_access_key_id, config.root_secret_access_key)
        try:
            key = root_key(
                config.data,
                self._die,
                given=None if given[0] is None or given[1] is None else (given[0], given[1]),
                show=_show_root_key,
            )
            audit = AuditLog(config.data / "audit.log")
            audit.start()
        except (RootKeyUnusable, OSError) as reason:
            raise CannotStart(str(reason)) from reason
        running.callback(audit.close)
        authentication = Authentication(
            ports.worlds,
            self._clock,
            account_id=config.account,
            root_key=key,
            is_on_loopback=ip_address(config.api.host).is_loopback,
        )
        authentication.start()
        return api_application(
            ports,
            OPERATIONS,
            authentication=authentication,
            audit=audit,
            counters=counters,
            throttle=config.throttle,
        )

    def _alarms(self, store: Store, fleet: Fleet, book: AnswerBook) -> AlarmKeeper:
        return AlarmKeeper(
            worlds=store.worlds,
            clock=self._clock,
            die=self._die,
            metrics=store.metrics,
            measures=fleet,
            verdicts=fleet,
            statuses=fleet,
            reports=fleet,
            resolver=book,
            account_id=self._config.account,
        )

    def _signer(self) -> Signer:
        try:
            return Signer.open(self._config.data, now=self._clock.now())
        except (OSError, ValueError) as reason:
            raise CannotStart(f"{self._config.data}: {reason}") from reason

    def _console(self, store: Store, fleet: Fleet, book: AnswerBook, duties: Sequence[Figures]) -> Starlette:
        """The status page, and the pages behind the links in mails."""
        ports = StatusPorts(
            store.worlds,
            fleet,
            fleet,
            book,
            deliveries=store.outbox,
            mails_kept_in="" if self._config.smtp else str(self._mail_folder),
        )
        status = status_application(ports, self._clock, lambda: self.not_ready, duties)
        pages = page_routes(worlds=store.worlds, clock=self._clock, die=self._die)
        return Starlette(routes=[*pages, Mount("/", status)])

    @property
    def _mail_folder(self) -> Path:
        return self._config.data / "mail"

    def _notifications(
        self, store: Store, alarms: AlarmKeeper, signer: Signer, *, api: str, console: str
    ) -> Notifications:
        config = self._config
        scheme = "http" if config.tls_cert is None else "https"
        return Notifications(
            NotifySettings(
                console_url=config.console_url or f"{scheme}://{console}",
                api_url=config.api_url or f"{scheme}://{api}",
                mail_from=config.mail_from,
                mail_directory=self._mail_folder,
                smtp=config.smtp,
                heartbeat_url=config.heartbeat_url,
                heartbeat_interval=config.heartbeat_interval,
            ),
            worlds=store.worlds,
            clock=self._clock,
            die=self._die,
            outbox=store.outbox,
            signer=signer,
            permits=self._policy.permits,
            well=lambda: self.not_ready or alarms.ailment(),
        )

    @property
    def _policy(self) -> ProbePolicy:
        return ProbePolicy.from_text(allow=self._config.probe_allow, deny=self._config.probe_deny)

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
        return Fleet(
            worlds=store.worlds,
            clock=self._clock,
            die=self._die,
            prober=Prober(clock=self._clock, resolver=SystemResolver(), may_probe=self._policy.permits),
            archive=store.statuses,
            recordings=store.observations,
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
            metrics=store.metrics,
            history=store.history,
            deliveries=store.outbox,
            dead_letters=store.outbox,
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
            raise CannotStart(f"--{name}: {_why_nobody_listens(reason)}") from reason


_REMEDIES: Final[Mapping[int, str]] = {
    errno.EADDRINUSE: "somebody else listens there: stop that process, or choose another port",
    errno.EADDRNOTAVAIL: "no address of this machine: `ip address` shows those there are",
    errno.EACCES: "ports below 1024 are for root, or for who has CAP_NET_BIND_SERVICE",
}


def _why_nobody_listens(reason: OSError) -> str:
    remedy = _REMEDIES.get(reason.errno or 0)
    return f"{os.strerror(reason.errno)}: {remedy}" if reason.errno and remedy else str(reason)
