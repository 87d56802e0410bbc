"""Numbers, dates and networks as conditions write them. Those that take long to read are remembered."""

from __future__ import annotations

import ipaddress
import math
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final, TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_MOST_SECONDS: Final = 2**63
_DATE: Final = re.compile(
    r"(?P<year>\d{1,4})(-(?P<month>\d{1,2})(-(?P<day>\d{1,2}))?)?"
    r"(T((?P<hour>\d{1,2})(:(?P<minute>\d{1,2})(:(?P<second>\d{1,2})(\.(?P<fraction>\d{1,9}))?)?)?)?"
    r"(Z|(?P<sign>[+-])(?P<hours>\d{2})(:?(?P<minutes>\d{2}))?)?)?",
    re.ASCII | re.IGNORECASE,
)


def number(text: str) -> float | None:
    """A finite number."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def instant(text: str) -> float | None:
    """Seconds since the epoch of a date in W3C's ISO 8601, UTC where it names no zone, or the seconds themselves.

    As in AWS, what comes after the year may be left out, and leading zeros may.
    """
    if (seconds := number(text)) is not None:
        return seconds if -_MOST_SECONDS <= seconds < _MOST_SECONDS else None
    date = _DATE.fullmatch(text)
    if date is None:
        return None
    year, month, day = (int(date[part] or 1) for part in ("year", "month", "day"))
    hour, minute, second, hours, minutes = (
        int(date[part] or 0) for part in ("hour", "minute", "second", "hours", "minutes")
    )
    offset = timedelta(hours=hours, minutes=minutes)
    fraction = float(f"0.{date['fraction'] or 0}")
    try:
        zone = timezone(-offset if date["sign"] == "-" else offset) if offset else UTC
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).timestamp() + fraction
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
