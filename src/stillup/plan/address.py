"""Where somebody listens: a host and a port."""

from __future__ import annotations

from dataclasses import dataclass

_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Address:
    """As `ADDR:PORT`; an IPv6 address in brackets (RFC 3986 §3.2.2)."""

    host: str
    """An IP address, or a name where the one who parses it takes names."""
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, text: str, *, usual_port: int | None = None) -> Address:
        """Read what `str` writes; with a usual port also the host alone. Raises ValueError."""
        host, colon, port = text.rpartition(":")
        if not colon or text.endswith("]") or (":" in host and not host.startswith("[")):
            host, port = text, "" if usual_port is None else str(usual_port)
        host = host.removeprefix("[").removesuffix("]")
        is_port = port.isascii() and port.isdigit() and 0 < int(port) <= _HIGHEST_PORT
        if not host or not is_port:
            raise ValueError(f"`{text}` is no address and port, such as 127.0.0.1:5300 or [::1]:5300")
        return cls(host, int(port))
