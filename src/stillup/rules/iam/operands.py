"""Numbers, dates and networks as conditions write them. Those that take long to read are remembered."""

from __future__ import annotations

import ipaddress
import math
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def number(text: str) -> float | None:
    """A finite number."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def instant(text: str) -> float | None:
    """Seconds since the epoch of an ISO 8601 date, UTC where it names no zone, or the seconds themselves."""
    if (seconds := number(text)) is not None:
        return seconds
    try:
        date = datetime.fromisoformat(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=1024)
def address(text: str) -> Address | None:
    """An address; an IPv4 one also where a socket for both families writes it as `::ffff:192.0.2.1`."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


@lru_cache(maxsize=1024)
def network(text: str) -> Network | None:
    """A network; a single address is one of itself, and bits behind the prefix do not matter."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
