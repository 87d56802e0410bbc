"""Names to addresses, by the operating system's resolver."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Final

MOST: Final = 64
"""Lookups at the same time. Each holds a thread, for half a minute where the name's servers are dead."""


def addresses_of(name: str) -> Sequence[str]:
    """Every address of this name, in the system's order of preference. Blocks. Raises OSError."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except UnicodeError as wrong:  # a label that is empty or too long
        raise OSError(str(wrong)) from wrong
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Lookups:
    """Looks names up in threads of its own, so that dead name servers keep nobody else from a thread.

    The threads are daemons: a lookup that hangs does not keep the engine from stopping.
    """

    def __init__(self, look_up: Callable[[str], Sequence[str]] = addresses_of) -> None:
        self._look_up = look_up
        self._free = asyncio.Semaphore(MOST)

    async def resolve(self, name: str) -> Sequence[str]:
        """The addresses of this name, now; an address is its own. Raises OSError. May take long: give it a time-out."""
        if _is_address(name):
            return [name]
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        found: asyncio.Future[Sequence[str]] = loop.create_future()

        def finish(result: Sequence[str] | OSError) -> None:
            self._free.release()
            if found.cancelled():
                return
            if isinstance(result, OSError):
                found.set_exception(result)
            else:
                found.set_result(result)

        def look_up() -> None:
            try:
                result: Sequence[str] | OSError = self._look_up(name)
            except OSError as wrong:
                result = wrong
            try:
                loop.call_soon_threadsafe(finish, result)
            except RuntimeError:
                return  # the loop is closed: the engine has stopped meanwhile

        try:
            Thread(target=look_up, name=f"look up {name}", daemon=True).start()
        except RuntimeError as wrong:  # the system gives us no more threads
            finish(OSError(str(wrong)))
        return await found
