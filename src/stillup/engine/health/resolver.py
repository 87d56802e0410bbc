"""Where a check's name points to: IPv4 addresses only (HC-11)."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
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
    are one, so that a name whose servers are dead holds a single thread, however many vantages ask. When
    there are as many as may be, further names wait for their turn. The threads are daemons: a lookup that
    hangs does not keep the engine from stopping.
    """

    def __init__(
        self,
        look_up: Callable[[str], str | Unresolved] = first_address,
        *,
        max_lookups: int = MAX_LOOKUPS,
    ) -> None:
        self._look_up = look_up
        self._lookups: dict[str, asyncio.Future[str]] = {}
        self._waiting: deque[str] = deque()
        self._under_way = 0
        self._max_lookups = max_lookups

    async def resolve(self, name: str) -> str:
        """An address of this name, looked up now. Raises Unresolved."""
        lookup = self._lookups.get(name)
        if lookup is None:
            lookup = self._lookups[name] = asyncio.get_running_loop().create_future()
            lookup.add_done_callback(lambda done: done.exception())  # perhaps nobody waits any more
            self._waiting.append(name)
            self._begin_waiting()
        return await asyncio.shield(lookup)

    def _begin_waiting(self) -> None:
        while self._waiting and self._under_way < self._max_lookups:
            self._under_way += 1
            self._begin(self._waiting.popleft())

    def _begin(self, name: str) -> None:
        loop = asyncio.get_running_loop()

        def look_up() -> None:
            result = self._look_up(name)
            try:
                loop.call_soon_threadsafe(self._finish, name, result)
            except RuntimeError:
                return  # the loop is closed: the engine has stopped meanwhile

        try:
            Thread(target=look_up, name=f"resolve {name}", daemon=True).start()
        except RuntimeError as error:  # the system gives us no more threads
            loop.call_soon(self._finish, name, Unresolved(str(error)))

    def _finish(self, name: str, result: str | Unresolved) -> None:
        self._under_way -= 1
        lookup = self._lookups.pop(name)
        if isinstance(result, Unresolved):
            lookup.set_exception(result)
        else:
            lookup.set_result(result)
        self._begin_waiting()
