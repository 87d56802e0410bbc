"""What a value may be.

Each function here, and each that one here makes, takes a value as it was written, in TOML's types or as
text, and gives it as the engine wants it, or raises ValueError with what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from stillup.engine.config.serve import Address, SmtpServer
from stillup.rules.health.configure import REGIONS
from stillup.rules.names import DomainName
from stillup.rules.topics.endpoints import is_mail_address


def text(raw: object) -> str:
    """A text, without white space around it."""
    if isinstance(raw, str | Path) and str(raw).strip():
        return str(raw).strip()
    raise ValueError("must be a text that is not empty")


def path(raw: object) -> Path:
    """A path; `~` is the home directory."""
    return Path(text(raw)).expanduser()


def address(raw: object) -> Address:
    """ADDR:PORT; an IPv6 address stands in brackets."""
    allowed = f"must be ADDR:PORT, such as 127.0.0.1:5300 or [::1]:5300, not {raw!r}"
    host, colon, port = text(raw).rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if not colon or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise ValueError(allowed)
    host = "127.0.0.1" if host == "localhost" else host.strip("[]")
    try:
        address = ip_address(host)
    except ValueError:
        raise ValueError(allowed) from None
    if bracketed != (address.version == 6):
        raise ValueError(allowed)
    return Address(str(address), int(port))


def list_of(parse: Callable[[object], Any]) -> Callable[[object], tuple[Any, ...]]:
    """A list; where there are only texts, its items stand between commas."""

    def parse_list(raw: object) -> tuple[Any, ...]:
        items = raw if isinstance(raw, list | tuple) else [raw]
        split = [
            part for item in items for part in (item.split(",") if isinstance(item, str) and item else [item])
        ]
        return tuple(parse(item) for item in split)

    return parse_list


def at_least_one(parse: Callable[[object], Any], what: str) -> Callable[[object], tuple[Any, ...]]:
    """A list as `list_of`, not empty."""

    def parse_list(raw: object) -> tuple[Any, ...]:
        items = list_of(parse)(raw)
        if not items:
            raise ValueError(f"must name at least one {what}")
        return items

    return parse_list


def ip(raw: object) -> IPv4Address | IPv6Address:
    """An IP address."""
    try:
        return ip_address(text(raw))
    except ValueError:
        raise ValueError(f"must be an IP address, not {raw!r}") from None


def ip_text(raw: object) -> str:
    """An IP address, in its usual spelling."""
    return str(ip(raw))


def ipv4_text(raw: object) -> str:
    """An IPv4 address, as EC2's public addresses are."""
    if (address := ip(raw)).version == 4:
        return str(address)
    raise ValueError(f"must be an IPv4 address, not {raw!r}")


def network(raw: object) -> str:
    """A network, in its usual spelling; one address is a network too."""
    try:
        return str(ip_network(text(raw), strict=False))
    except ValueError:
        raise ValueError(f"must be networks such as 10.0.0.0/8 or 2001:db8::/32, not {raw!r}") from None


def name(raw: object) -> str:
    """A domain name, with the final dot."""
    try:
        return DomainName.from_text(text(raw)).to_text()
    except ValueError as wrong:
        raise ValueError(f"must be domain names, not {raw!r}: {wrong}") from None


def number(low: float, high: float, allowed: str) -> Callable[[object], float]:
    """More than `low`, at most `high`."""

    def parse(raw: object) -> float:
        try:
            number = float(raw) if isinstance(raw, str | int | float) and not isinstance(raw, bool) else low
        except ValueError:
            number = low
        if low < number <= high:
            return number
        raise ValueError(f"must be {allowed}, not {raw!r}")

    return parse


def fraction(raw: object) -> float:
    """A part of a whole, but not the whole."""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and 0 <= raw < 1:
        return float(raw)
    raise ValueError(f"must be a number, at least 0 and less than 1, not {raw!r}")


def seconds(raw: object) -> int:
    """A TTL (RFC 2181 §8)."""
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= 2**31 - 1:
        return raw
    raise ValueError(f"must be whole seconds, 0 to 2147483647, not {raw!r}")


def truth(raw: object) -> bool:
    """Yes or no."""
    match str(raw).lower():
        case "true" | "yes" | "on" | "1":
            return True
        case "false" | "no" | "off" | "0":
            return False
    raise ValueError(f"must be true or false, not {raw!r}")


def matching(pattern: str, allowed: str) -> Callable[[object], str]:
    """A text that matches as a whole."""

    def parse(raw: object) -> str:
        if isinstance(raw, str) and re.fullmatch(pattern, raw, re.ASCII):
            return raw
        raise ValueError(f"must be {allowed}, not {raw!r}")

    return parse


def argv(raw: object) -> tuple[str, ...]:
    """A program and its arguments."""
    if isinstance(raw, list) and raw and all(isinstance(part, str) and "\0" not in part for part in raw):
        return tuple(raw)
    raise ValueError('must be a program and its arguments, such as ["python3", "-m", "http.server", "80"]')


def texts(raw: object) -> Mapping[str, str]:
    """A table of texts."""
    if isinstance(raw, dict) and all(isinstance(value, str) for value in raw.values()):
        return raw
    raise ValueError('must be a table of texts, such as { COLOUR = "green" }')


def region(raw: object) -> str:
    """The name of a vantage: clients know no other name for a checker's Region (HC-18)."""
    if isinstance(raw, str) and raw in REGIONS:
        return raw
    raise ValueError(f"must be one of {', '.join(REGIONS)}, not {raw!r}")


def one_of(*names: str) -> Callable[[object], str]:
    """One of these words."""

    def parse(raw: object) -> str:
        if isinstance(raw, str) and raw.strip() in names:
            return raw.strip()
        raise ValueError(f"must be {' or '.join(names)}, not {raw!r}")

    return parse


def unechoed(pattern: str, allowed: str) -> Callable[[object], str]:
    """A text that matches as a whole. What was given instead is not told: it may be a secret."""

    def parse(raw: object) -> str:
        if isinstance(raw, str) and re.fullmatch(pattern, raw, re.ASCII):
            return raw
        raise ValueError(f"must be {allowed}")

    return parse


def mail_address(raw: object) -> str:
    """One mail address, bare."""
    if is_mail_address(address := text(raw)):
        return address
    raise ValueError(f"must be a mail address such as stillup@example.com, not {raw!r}")


def http_url(raw: object) -> str:
    """A URL to call. What was given instead is not told: whoever knows a heartbeat's URL can feign it."""
    parts = _url(raw)
    if parts is None or parts.scheme not in ("http", "https") or parts.fragment:
        raise ValueError("must be a URL such as https://hc.example.com/ping/1234")
    return parts.geturl()


def base_url(raw: object) -> str:
    """What stands before the path in links."""
    parts = _url(raw)
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or parts.username
        or parts.query
        or parts.fragment
    ):
        raise ValueError(f"must be a URL without a query such as https://stillup.example.com, not {raw!r}")
    return parts.geturl().rstrip("/")


def smtp(raw: object) -> SmtpServer:
    """smtp:// (port 587) or smtps:// (port 465), with percent-encoded user and password or without.

    What was given instead is not told: it may hold a password.
    """
    parts = _url(raw)
    if (
        parts is None
        or parts.scheme not in ("smtp", "smtps")
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
        or (parts.username is None) != (parts.password is None)
    ):
        raise ValueError(
            "must be smtp://USER:PASSWORD@HOST:PORT, without USER:PASSWORD@ if need be, or smtps://…"
        )
    is_tls = parts.scheme == "smtps"
    return SmtpServer(
        host=parts.hostname or "",
        port=parts.port or (465 if is_tls else 587),
        is_tls=is_tls,
        username=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def _url(raw: object) -> SplitResult | None:
    """The parts of a URL with a host and a port that may be; None where it is no such URL."""
    try:
        parts = urlsplit(text(raw))
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_whole and re.fullmatch(r"[!-~]+", parts.geturl()) else None
