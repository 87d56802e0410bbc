"""Carries out one probe: one connection, one question at most, one observation."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from stillup.engine.health import texts
from stillup.engine.health.conversation import WRONG_NAME, Conversation
from stillup.engine.health.probe import Connected, Failed, Observation, Outcome, Probe, Timings, Unable
from stillup.engine.health.reach import NO_ROUTE, OURS, Reach
from stillup.engine.health.resolver import Resolver, Unresolved
from stillup.engine.health.tls import TlsSession, unverified_context, verified_context
from stillup.engine.ports import Clock

_NO_TIMINGS: Final = Timings()


class Prober:
    """Probes endpoints of every type (1.2 to 1.4), any number at a time.

    `may_probe` says which addresses may be probed (HC-13), always the same of the same address. It decides
    after resolution, each time, so a name that moves to a forbidden address fails. `trusted` verifies certificates where
    `stillup:verify-tls` asks for it; by default it is this machine's set of authorities.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        resolver: Resolver,
        may_probe: Callable[[str], bool],
        reach: Reach | None = None,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._resolver = resolver
        self._may_probe = lru_cache(maxsize=4096)(may_probe)
        self._reach = Reach() if reach is None else reach
        self._unverified = unverified_context()
        self._verified = trusted

    async def probe(self, probe: Probe) -> Observation:
        """What there is to see, whatever the endpoint does; it raises nothing but CancelledError."""
        address, resolved = probe.address, None
        timings = _NO_TIMINGS
        outcome: Outcome
        if address is None:
            address = resolved = await self._resolve(probe)
        if address is None:
            outcome = texts.CUT_OFF if self._reach.is_cut_off() else texts.UNRESOLVED
        elif not self._may_probe(address):
            outcome = texts.DENIED
        else:
            self._reach.note(address)
            outcome, timings = await self._visit(probe, address)
        return Observation(
            status=texts.status_of(outcome),
            text=texts.text_of(outcome, resolved),
            at=self._clock.now(),
            resolved_ip=resolved,
            timings=timings,
        )

    async def _resolve(self, probe: Probe) -> str | None:
        try:
            async with asyncio.timeout(self._clock.real(probe.connect_timeout)):
                return await self._resolver.resolve(probe.name or "")
        except (TimeoutError, Unresolved):
            return None

    async def _visit(self, probe: Probe, address: str) -> tuple[Outcome, Timings]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._clock.real(probe.connect_timeout)
        try:
            if probe.http is None:
                return await self._connect(probe, address, deadline)
            outcome, timings = await self._converse(probe, address, deadline)
            if outcome is WRONG_NAME:
                return await self._converse(probe, address, deadline, without_name=True)
        except TimeoutError:
            return texts.TIMED_OUT, _NO_TIMINGS
        except OSError as error:
            return self._explained(error), _NO_TIMINGS
        return outcome, timings

    async def _connect(self, probe: Probe, address: str, deadline: float) -> tuple[Outcome, Timings]:
        loop = asyncio.get_running_loop()
        started = loop.time()
        async with asyncio.timeout_at(deadline):
            transport, _ = await loop.create_connection(asyncio.Protocol, address, probe.port)
        transport.abort()
        return Connected(), Timings(connect=(loop.time() - started) * 1000)

    async def _converse(
        self, probe: Probe, address: str, deadline: float, *, without_name: bool = False
    ) -> tuple[Outcome, Timings]:
        assert probe.http is not None  # noqa: S101 — asked before
        loop = asyncio.get_running_loop()
        session, required_name = None, None
        if probe.tls is not None:
            server_name = None if without_name else probe.tls.server_name
            try:
                session = TlsSession(self._context(verify=probe.tls.verify), server_name)
            except ValueError:
                return Failed(f"'{server_name}' cannot be sent as a server name in TLS."), _NO_TIMINGS
            required_name = None if probe.tls.verify else server_name
        conversation = Conversation(
            probe.http,
            clock=self._clock,
            loop=loop,
            connect_by=deadline,
            session=session,
            required_name=required_name,
        )
        started = loop.time()
        try:
            async with asyncio.timeout_at(deadline):
                await loop.create_connection(lambda: conversation, address, probe.port)
            outcome = await conversation.outcome
        finally:
            conversation.decide(texts.CLOSED)  # where this is cancelled, the connection goes too
        return outcome, _timings(conversation, started, is_tls=session is not None)

    def _context(self, *, verify: bool) -> ssl.SSLContext:
        if not verify:
            return self._unverified
        if self._verified is None:
            self._verified = verified_context()  # reads files; most engines never need it
        return self._verified

    def _explained(self, error: OSError) -> Outcome:
        """Whose fault it is that there is no connection.

        | error                                  | outcome                              |
        |----------------------------------------|--------------------------------------|
        | refused                                | failed                               |
        | reset, aborted                         | failed: closed by the endpoint       |
        | out of descriptors, ports, memory, …   | unable                               |
        | no route, and none to anybody          | unable                               |
        | no route to this endpoint; the rest    | failed                               |
        """
        if isinstance(error, ConnectionRefusedError):
            return texts.REFUSED
        if isinstance(error, ConnectionError):
            return texts.CLOSED
        why = os.strerror(error.errno) if error.errno else str(error)
        if error.errno in OURS:
            return Unable(f"This health checker could not probe: {why}")
        if error.errno in NO_ROUTE and self._reach.is_cut_off():
            return texts.CUT_OFF
        return Failed(f"The connection could not be established: {why}")


def _timings(conversation: Conversation, started: float, *, is_tls: bool) -> Timings:
    made, asked, first = conversation.made_at, conversation.asked_at, conversation.first_byte_at
    return Timings(
        connect=None if made is None else (made - started) * 1000,
        tls=None if not is_tls or made is None or asked is None else (asked - made) * 1000,
        first_byte=None if asked is None or first is None else (first - asked) * 1000,
    )
