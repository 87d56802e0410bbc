"""The `stillup:` tags of a health check: what Route 53 lacks, inert on AWS and effective here (decision 5).

| tag                        | value                     | from … to    | without it              |
|----------------------------|---------------------------|--------------|-------------------------|
| `stillup:interval`         | duration                  | 0.1 s … 1 h  | RequestInterval         |
| `stillup:confirm-interval` | duration                  | 0.1 s … 1 h  | as the interval         |
| `stillup:timeout`          | duration, for each phase  | 0.1 s … 1 m  | table 1.2               |
| `stillup:verify-tls`       | `true` or `false`         |              | `false` (HC-14)         |
| `stillup:expect`           | `200-299,418`             | 100 … 599    | `200-399` (HC-1)        |
| `stillup:fall`             | whole number              | 1 … 100      | FailureThreshold        |
| `stillup:rise`             | whole number              | 1 … 100      | FailureThreshold        |
| `stillup:recover-after`    | duration                  | 0 s … 24 h   | `0s`                    |
| `stillup:latch`            | `true` or `false`         |              | `false`                 |

A duration is `500ms`, `10s`, `1m`, `1h` or a number of seconds. Thresholds go beyond AWS's 10 because the
interval goes below AWS's 10 s: at 0.1 s, ten failures in a row are a single second. Codes may be separated by
spaces too, since AWS lets few punctuation marks into tags. On CALCULATED checks only `recover-after` and
`latch` act; `expect` acts on checks that speak HTTP, `verify-tls` on those that speak TLS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final

from stillup.rules.durations import parse_duration
from stillup.rules.health.check import HealthCheck, HealthCheckType
from stillup.rules.refusal import Refusal

PREFIX: Final = "stillup:"
LATCH_TAG: Final = "stillup:latch"

DEFAULT_REQUEST_INTERVAL: Final = 30
"""Seconds (table 1.5)."""
DEFAULT_FAILURE_THRESHOLD: Final = 3
"""Results in a row (table 1.5)."""

CONNECT_TIMEOUT: Final = 4.0
TCP_CONNECT_TIMEOUT: Final = 10.0
STATUS_TIMEOUT: Final = 2.0
BODY_TIMEOUT: Final = 2.0
"""Seconds for each phase of a probe (table 1.2)."""

_HOUR: Final = 3600.0
_CODES: Final = re.compile(r"([1-5]\d\d)(?:-([1-5]\d\d))?", re.ASCII)
_WHOLE: Final = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Refinements:
    """The tags of one check, parsed. None: the tag is not there. Durations are seconds."""

    interval: float | None = None
    confirm_interval: float | None = None
    timeout: float | None = None
    verify_tls: bool = False
    expect: tuple[range, ...] = (range(200, 400),)
    fall: int | None = None
    rise: int | None = None
    recover_after: float = 0.0
    latch: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How a check is probed and judged, config and tags taken together. Durations are seconds."""

    interval: float
    """From the end of one probe to the start of the next, per vantage (HC-25)."""
    confirm_interval: float
    """The same, after a failure that is yet to be confirmed; never longer than `interval`."""
    connect_timeout: float
    status_timeout: float
    body_timeout: float
    fall: int
    """Failures in a row that make a vantage's verdict unhealthy."""
    rise: int
    """Successes in a row that make it healthy."""


def parse_refinements(tags: Mapping[str, str]) -> Refinements | Refusal:
    """The `stillup:` tags among these, or InvalidInput with everything that is wrong with them.

    A `stillup:` tag that does not exist is refused too: a misspelt one would silently do nothing.
    """
    refinements, reasons = _parse(tags)
    return Refusal("InvalidInput", reasons) if reasons else refinements


def refinements_of(check: HealthCheck) -> Refinements:
    """What this check's tags ask for.

    They were validated when they were set; one that this version no longer accepts is inert, as on AWS.
    """
    return _parse(check.tags)[0]


def pace(check: HealthCheck) -> Pace:
    """The effective figures for a check: its tags, then its config, then AWS's defaults."""
    config, refined = check.config, refinements_of(check)
    interval = _first(refined.interval, config.request_interval, DEFAULT_REQUEST_INTERVAL)
    threshold = _first(config.failure_threshold, DEFAULT_FAILURE_THRESHOLD)
    connect = TCP_CONNECT_TIMEOUT if config.type is HealthCheckType.TCP else CONNECT_TIMEOUT
    return Pace(
        interval=interval,
        confirm_interval=min(interval, _first(refined.confirm_interval, interval)),
        connect_timeout=_first(refined.timeout, connect),
        status_timeout=_first(refined.timeout, STATUS_TIMEOUT),
        body_timeout=_first(refined.timeout, BODY_TIMEOUT),
        fall=int(_first(refined.fall, threshold)),
        rise=int(_first(refined.rise, threshold)),
    )


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)


class _Unacceptable(ValueError):
    """What the value must be."""


def _duration(low: float, high: float) -> Callable[[str], float]:
    def _seconds(text: str) -> float:
        seconds = parse_duration(text)
        if seconds is None or not low <= seconds <= high:
            raise _Unacceptable(f"a duration from {low:g} to {high:g} seconds, such as 500ms, 10s or 1m")
        return seconds

    return _seconds


def _threshold(text: str) -> int:
    if not (_WHOLE.fullmatch(text) and 1 <= int(text) <= 100):
        raise _Unacceptable("a whole number from 1 to 100")
    return int(text)


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise _Unacceptable("true or false")
    return text == "true"


def _codes(text: str) -> tuple[range, ...]:
    matches = [_CODES.fullmatch(part) for part in re.split(r" *, *| +", text)]
    ranges = tuple(range(int(each[1]), int(each[2] or each[1]) + 1) for each in matches if each)
    if len(ranges) < len(matches) or not all(ranges):
        raise _Unacceptable("status codes from 100 to 599, such as 200-299,418")
    return ranges


_TAGS: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "stillup:interval": ("interval", _duration(0.1, _HOUR)),
    "stillup:confirm-interval": ("confirm_interval", _duration(0.1, _HOUR)),
    "stillup:timeout": ("timeout", _duration(0.1, 60.0)),
    "stillup:verify-tls": ("verify_tls", _flag),
    "stillup:expect": ("expect", _codes),
    "stillup:fall": ("fall", _threshold),
    "stillup:rise": ("rise", _threshold),
    "stillup:recover-after": ("recover_after", _duration(0.0, 24 * _HOUR)),
    LATCH_TAG: ("latch", _flag),
}


def _parse(tags: Mapping[str, str]) -> tuple[Refinements, tuple[str, ...]]:
    parsed: dict[str, Any] = {}
    reasons: list[str] = []
    for key, value in tags.items():
        if not key.lower().startswith(PREFIX):
            continue
        if key not in _TAGS:
            reasons.append(_unknown(key))
            continue
        field, parse = _TAGS[key]
        try:
            parsed[field] = parse(value.strip())
        except _Unacceptable as needed:
            reasons.append(f"The value of the tag {key} must be {needed}, not '{value}'.")
    return replace(Refinements(), **parsed), tuple(reasons)


def _unknown(key: str) -> str:
    endings = [known.removeprefix(PREFIX) for known in _TAGS]
    close = get_close_matches(key.lower().removeprefix(PREFIX), endings, n=1)
    hint = f"did you mean {PREFIX}{close[0]}?" if close else f"there are {', '.join(_TAGS)}."
    return f"The tag {key} does not exist: {hint}"
