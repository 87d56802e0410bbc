"""Where a check's name points to: IPv4 addresses only (HC-11)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from threading import Thread
from typing import Final, Protocol

MAX_LOOKUPS: Final = 64
"""Names that are looked up at the same time; each takes a thread while it is."""


class Unresolved(Exception):
    """The world's fault: the name has no A record, or nobody could say."""


class Resolver(Protocol):
    """Turns names into addresses."""

    async def resolve(self, name: str) -> str:
        """An IPv4 address of this name, asked for anew. Raises Unresolved. May take for ever."""


def first_address(name: str) -> str | Unresolved:
    """The first IPv4 address of this name, in the order of preference that the system gives. Blocks."""
    try:
        found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        return Unresolved(str(error))
    return str(found[0][4][0])


class SystemResolver:
    """Asks as any program on this machine would: by nsswitch, with /etc/hosts, through its resolvers.

    Lookups are C calls that block, so each runs in a thread of its own. Those of one name that overlap
    are one, so that a name whose servers are dead holds a single thread, however many vantages ask. The
    threads are daemons: a lookup that hangs does not keep the engine from stopping.
    """

    def __init__(
        self,
        look_up: Callable[[str], str | Unresolved] = first_address,
        *,
        max_lookups: int = MAX_LOOKUPS,
    ) -> None:
        self._look_up = look_up
        self._under_way: dict[str, asyncio.Future[str]] = {}
        self._max_lookups = max_lookups

    async def resolve(self, name: str) -> str:
        """An address of this name, looked up now. Raises Unresolved."""
        lookup = self._under_way.get(name)
        if lookup is None:
            if len(self._under_way) >= self._max_lookups:
                raise Unresolved(f"{self._max_lookups} names are being looked up already")
            lookup = self._start(name)
        return await asyncio.shield(lookup)

    def _start(self, name: str) -> asyncio.Future[str]:
        loop = asyncio.get_running_loop()
        lookup: asyncio.Future[str] = loop.create_future()
        lookup.add_done_callback(lambda done: done.exception())  # perhaps nobody waits any more
        self._under_way[name] = lookup

        def finish(result: str | Unresolved) -> None:
            del self._under_way[name]
            if isinstance(result, Unresolved):
                lookup.set_exception(result)
            else:
                lookup.set_result(result)

        def look_up() -> None:
            result = self._look_up(name)
            try:
                loop.call_soon_threadsafe(finish, result)
            except RuntimeError:
                return  # the loop is closed: the engine has stopped meanwhile

        Thread(target=look_up, name=f"resolve {name}", daemon=True).start()
        return lookup
