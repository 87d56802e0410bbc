"""Durations as people write them, in tags and plan files."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}
_FORM: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?(ms|s|m|h|)", re.ASCII)


def parse_duration(text: str) -> float | None:
    """Seconds of `500ms`, `10s`, `3m`, `1h` or a number of seconds; None if it is none of these."""
    matched = _FORM.fullmatch(text)
    return None if matched is None else float(matched[1]) * _UNITS[matched[2]]


def render_duration(seconds: float) -> str:
    """The shortest way of writing it that `parse_duration` reads back: `90s`, `3m`, `1h`, `0.5s`."""
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"
