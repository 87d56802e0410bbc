"""Moments and stretches of time as people and programs read them. Every moment is in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


def clock(at: float, *, now: float) -> str:
    """`02:13:41`, with the date in front where it is more than half a day away."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%H:%M:%S}" if abs(now - at) < _DAY / 2 else f"{moment:%Y-%m-%d %H:%M:%S}"


def date_and_clock(at: float) -> str:
    """`2026-10-31 02:13:41 UTC`."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def instant(at: float) -> str:
    """`2026-10-31T02:13:41Z` (RFC 3339), for programs."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}Z"


def stretch(seconds: float, *, digits: int = 0) -> str:
    """In its two largest units: `41 s`, `4 min 5 s`, `3 h 5 min`, `2 days 4 h`. `digits` are those of a second, where
    that is the only unit."""
    exact = max(0.0, seconds)
    whole = round(exact)
    if exact < 2 * _MINUTE:
        return f"{exact:.{digits}f} s"
    if whole < _HOUR:
        return _two(whole, _MINUTE, "min", 1, "s")
    if whole < 2 * _DAY:
        return _two(whole, _HOUR, "h", _MINUTE, "min")
    return _two(whole, _DAY, "days", _HOUR, "h")


def _two(whole: int, unit: int, name: str, part: int, part_name: str) -> str:
    rest = whole % unit // part
    return f"{whole // unit} {name}" + (f" {rest} {part_name}" if rest else "")
