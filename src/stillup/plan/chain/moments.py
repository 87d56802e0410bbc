"""Instants and stretches of time in words. All instants are UTC."""

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


def stretch(seconds: float) -> str:
    """`41 s`, `4 min`, `3 h 5 min`, `2 days 4 h`."""
    whole = max(0, round(seconds))
    if whole < 2 * _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if whole < 2 * _DAY:
        return _two(whole, _HOUR, "h", _MINUTE, "min")
    return _two(whole, _DAY, "days", _HOUR, "h")


def _two(whole: int, unit: int, name: str, part: int, part_name: str) -> str:
    rest = whole % unit // part
    return f"{whole // unit} {name}" + (f" {rest} {part_name}" if rest else "")
