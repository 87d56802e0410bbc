"""The configuration of `stillup serve` as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from stillup.rules.ids import InstanceId


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen. Port 0 is any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class InstanceConfig:
    """An `[[instance]]`: the local process that plays an EC2 instance."""

    id: InstanceId
    command: tuple[str, ...]
    """The program and its arguments; no shell."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Added to the engine's own environment."""
    cwd: Path | None = None
    public_ip: str | None = None
    private_ip: str = "127.0.0.1"
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Who takes our mail."""

    host: str
    port: int
    is_tls: bool
    """TLS from the first octet (RFC 8314 section 3.3); else STARTTLS, where it is offered."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    """Both or none."""


@dataclass(frozen=True, slots=True)
class ServeConfig:
    """Everything `stillup serve` can be told."""

    data: Path
    dns: tuple[Address, ...]
    """Never empty."""
    api: Address
    site: Address
    console: Address
    site_address: tuple[IPv4Address | IPv6Address, ...]
    """What an alias to an S3 website answers: the IPv4 ones for A, the IPv6 ones for AAAA. Never empty."""
    clock_rate: float
    throttle: bool
    s3_alias_ttl: int
    """Seconds; AWS documents none (AL-2)."""
    account: str
    region: str
    name_servers: tuple[str, ...]
    """Empty: Route 53's own scheme (HZ-2)."""
    probe_allow: tuple[str, ...]
    probe_deny: tuple[str, ...]
    """Networks (HC-13)."""
    healthy_fraction: float
    """Healthy is more than this part of the vantages (HC-23)."""
    vantages: tuple[str, ...] = ("us-east-1", "us-west-2", "eu-west-1")
    """Their names; never empty."""
    instances: tuple[InstanceConfig, ...] = ()
    tls_cert: Path | None = None
    tls_key: Path | None = None
    """Both or none, in PEM: the API and the console then speak TLS."""
    insecure: tuple[str, ...] = ()
    """Listeners that may be reached from elsewhere without TLS: `api`, `console`."""
    root_access_key_id: str | None = None
    root_secret_access_key: str | None = field(default=None, repr=False)
    """Both or none; from the environment only."""
    smtp: SmtpServer | None = None
    """None: mails are kept as files."""
    mail_from: str = "stillup@localhost"
    heartbeat_url: str | None = field(default=None, repr=False)
    """Its path is what proves to the watcher who calls."""
    heartbeat_interval: float = 60
    """Real seconds."""
    api_url: str | None = None
    console_url: str | None = None
    """What stands before the path in links, without a final slash; None: where the listener is bound."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the operator must put right: where it is said, and what is allowed there."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"
