"""The authoritative DNS server: UDP and TCP on the same ports, over IPv4 and IPv6."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence
from typing import Final

from stillup.engine.dns.counters import DnsCounters
from stillup.engine.dns.responder import AnswerBook, Responder
from stillup.engine.dns.tcp import TcpListener
from stillup.engine.dns.udp import UdpListener
from stillup.engine.ports import Die, Figure

Address = tuple[str, int]

IDLE_TIMEOUT: Final = 10.0
"""Seconds of real time: "of the order of a few seconds" (RFC 7766 §6.2.3)."""
MAX_CONNECTIONS: Final = 1000
_ATTEMPTS: Final = 20
"""For a port that is free for TCP and then for UDP too."""


class DnsServer:
    """Answers from the book, on any number of addresses."""

    def __init__(
        self,
        book: AnswerBook,
        die: Die,
        *,
        idle_timeout: float = IDLE_TIMEOUT,
        max_connections: int = MAX_CONNECTIONS,
    ) -> None:
        """`idle_timeout` and `max_connections`, for each address, are for TCP."""
        self.counters = DnsCounters()
        self._responder = Responder(book, die, self.counters)
        self._idle_timeout = idle_timeout
        self._max_connections = max_connections
        self._udp: list[UdpListener] = []
        self._tcp: list[TcpListener] = []

    async def start(self, addresses: Sequence[Address]) -> list[Address]:
        """Listen on these addresses and return them with the ports that they have; port 0 is any free one.

        A wildcard address covers its own family only: `0.0.0.0` and `::` go together. Raises OSError, and
        listens nowhere, where an address is not ours, not numeric or taken.
        """
        bound: list[Address] = []
        try:
            for address in addresses:
                bound.append(await self._listen(address))
        except OSError:
            await self.close()
            raise
        return bound

    def figures(self) -> Sequence[Figure]:
        """What came in and what went out since the start."""
        return self.counters.figures()

    async def close(self) -> None:
        """Stop listening and close all connections."""
        while self._udp:
            self._udp.pop().close()
        while self._tcp:
            await self._tcp.pop().close()

    async def _listen(self, address: Address) -> Address:
        stream, datagram = _bind_both(address)
        udp = UdpListener(datagram, self._responder.respond_udp, self.counters)
        tcp = TcpListener(
            stream,
            self._responder.respond_tcp,
            self.counters,
            idle_timeout=self._idle_timeout,
            max_connections=self._max_connections,
        )
        self._udp.append(udp)
        self._tcp.append(tcp)
        udp.start()
        await tcp.start()
        host, port = stream.getsockname()[:2]
        return host, port


def _bind_both(address: Address) -> tuple[socket.socket, socket.socket]:
    """A stream and a datagram socket on the same port of the address."""
    attempts_left = _ATTEMPTS
    while True:
        attempts_left -= 1
        stream = _bind(address, socket.SOCK_STREAM)
        try:
            return stream, _bind((address[0], stream.getsockname()[1]), socket.SOCK_DGRAM)
        except OSError as error:
            stream.close()
            if error.errno != errno.EADDRINUSE or address[1] != 0 or not attempts_left:
                raise


def _bind(address: Address, kind: socket.SocketKind) -> socket.socket:
    host, port = address
    family, _, _, _, target = socket.getaddrinfo(
        host, port, type=kind, flags=socket.AI_NUMERICHOST | socket.AI_PASSIVE
    )[0]
    bound = socket.socket(family, kind)
    try:
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if kind == socket.SOCK_STREAM:  # a datagram socket would share its port with another program's
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(target)
    except OSError:
        bound.close()
        raise
    return bound
