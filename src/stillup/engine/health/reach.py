"""What the kernel knows about the way to an endpoint, without a packet."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

OURS: Final = frozenset(
    {
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOBUFS,
        errno.ENOMEM,
        errno.EADDRNOTAVAIL,
        errno.EAFNOSUPPORT,
        errno.EPERM,
    }
)
"""Errors that only this machine can make: out of descriptors, memory or ports, no IPv6, own firewall."""
NO_ROUTE: Final = frozenset({errno.ENETUNREACH, errno.ENETDOWN})
"""Errors that may be this machine's or the network's."""

_REMEMBERED: Final = 16
_DISCARD_PORT: Final = 9


def source_towards(address: str) -> str | None:
    """The local address from which this machine talks to that one; None: it has no route.

    Connecting a UDP socket sends nothing: it makes the kernel choose a route.
    """
    try:
        family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as chooser:
            chooser.connect((address, _DISCARD_PORT))
            return str(chooser.getsockname()[0])
    except (OSError, ValueError):  # no route; or a name, which is not looked up
        return None


@lru_cache(maxsize=1024)
def _is_loopback(address: str) -> bool:
    return ip_address(address).is_loopback


class Reach:
    """Tells whether a missing route is the endpoint's trouble or this machine's (decision 6).

    | endpoints probed lately, loopback aside | with a route | this machine is |
    |------------------------------------------|--------------|-----------------|
    | none, or one                             | any          | not cut off     |
    | two or more                              | one or more  | not cut off     |
    | two or more                              | none         | cut off         |

    A lone endpoint without a route counts as failed: nothing tells its network from ours, and visitors
    that still reach our DNS are better sent to the backup.
    """

    def __init__(self, source_towards: Callable[[str], str | None] = source_towards) -> None:
        self._source_towards = source_towards
        self._probed: dict[str, None] = {}

    def note(self, address: str) -> None:
        """Remember an endpoint that is about to be probed."""
        if address not in self._probed and not _is_loopback(address):
            self._probed[address] = None
            if len(self._probed) > _REMEMBERED:
                del self._probed[next(iter(self._probed))]

    def is_cut_off(self) -> bool:
        """Whether this machine can reach none of the endpoints it probes."""
        return len(self._probed) > 1 and not any(self._source_towards(each) for each in self._probed)
