"""DNS over UDP: a bare socket, drained some datagrams at a time.

Reading many datagrams for each turn of the event loop makes the loop's own cost small; reading a bounded number
leaves the other duties their turn however many datagrams arrive.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

from stillup.engine.dns.counters import DnsCounters

_DATAGRAMS_PER_TURN: Final = 64
_LARGEST_QUERY: Final = 4096
"""More than we say we take (edns.UDP_PAYLOAD). What is longer is cut, and so malformed."""
_SOCKET_BUFFER: Final = 4 << 20
"""Octets asked for; a burst waits here while the loop does something else. The system may grant less."""

_IP_PKTINFO: Final = 26 if sys.platform == "darwin" else 8
"""Not in Python's socket module yet; these are macOS's and Linux's numbers."""
_IN_PKTINFO: Final = struct.Struct("@i4s4s")
_IN6_PKTINFO: Final = struct.Struct("@16si")
_PKTINFO_SPACE: Final = socket.CMSG_SPACE(max(_IN_PKTINFO.size, _IN6_PKTINFO.size))

Respond = Callable[[bytes], bytes | None]
ControlMessage = tuple[int, int, bytes]


class UdpListener:
    """Answers the datagrams of one socket from `start` to `close`."""

    def __init__(self, bound: socket.socket, respond: Respond, counters: DnsCounters) -> None:
        """Take over a bound datagram socket."""
        self._socket = bound
        self._respond = respond
        self._counters = counters
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            bound.setsockopt(socket.SOL_SOCKET, option, _SOCKET_BUFFER)
        bound.settimeout(0)

    def start(self) -> None:
        """Answer from now on, in the running event loop."""
        drain = self._drain
        if ip_address(self._socket.getsockname()[0].partition("%")[0]).is_unspecified:
            _ask_for_destinations(self._socket)
            drain = self._drain_of_any_address
        asyncio.get_running_loop().add_reader(self._socket, drain)

    def close(self) -> None:
        """Stop answering."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _drain(self) -> None:
        for _ in range(_DATAGRAMS_PER_TURN):
            try:
                packet, client = self._socket.recvfrom(_LARGEST_QUERY)
            except OSError:  # nothing left, or an error that an earlier response met on its way
                return
            response = self._respond(packet)
            if response is None:
                continue
            try:
                self._socket.sendto(response, client)
            except OSError:  # DNS over UDP may lose answers; whoever misses one asks again
                self._counters.undelivered += 1

    def _drain_of_any_address(self) -> None:
        """Answer from the address that was asked: with several, the system would choose another one."""
        for _ in range(_DATAGRAMS_PER_TURN):
            try:
                packet, ancillary, _, client = self._socket.recvmsg(_LARGEST_QUERY, _PKTINFO_SPACE)
            except OSError:
                return
            response = self._respond(packet)
            if response is None:
                continue
            try:
                self._socket.sendmsg([response], _from_destination(ancillary), 0, client)
            except OSError:
                self._counters.undelivered += 1


def _ask_for_destinations(bound: socket.socket) -> None:
    if bound.family == socket.AF_INET6:
        bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    else:
        bound.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)


def _from_destination(received: list[ControlMessage]) -> list[ControlMessage]:
    """What to send along so that the response leaves from where the query arrived (ip(7), RFC 3542 §6).

    The interface is left to routing: the way back need not be the way in.
    """
    for level, kind, data in received:
        if (level, kind) == (socket.IPPROTO_IP, _IP_PKTINFO):
            _, local, _ = _IN_PKTINFO.unpack(data)
            return [(level, kind, _IN_PKTINFO.pack(0, local, bytes(4)))]
        if (level, kind) == (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO):
            address, _ = _IN6_PKTINFO.unpack(data)
            return [(level, kind, _IN6_PKTINFO.pack(address, 0))]
    return []
