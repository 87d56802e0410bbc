"""What one probe asks and what it sees, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from stillup.rules.health.check import HealthCheck, HealthCheckConfig, Status
from stillup.rules.health.refinements import Refinements, pace
from stillup.rules.ids import Instant
from stillup.wire.http1.request import render_get


@dataclass(frozen=True, slots=True)
class HttpQuestion:
    """The request and what a good answer to it is. Time-outs are seconds of engine time (table 1.2)."""

    request: bytes
    expect: tuple[range, ...]
    search: bytes | None
    status_timeout: float
    """From the connection to the end of the response's head."""
    body_timeout: float
    """From there to the searched part of the body."""


@dataclass(frozen=True, slots=True)
class TlsTerms:
    """How to shake hands (1.4)."""

    server_name: str | None
    """What to send as SNI, and with `verify` the name, or the address, that the certificate must carry."""
    verify: bool


@dataclass(frozen=True, slots=True)
class Probe:
    """One probe, ready to be sent again and again. Made by `probe_of`."""

    address: str | None
    """None: `name` is resolved each time (HC-11)."""
    name: str | None
    port: int
    connect_timeout: float
    """For the connection, the TLS handshake and its retry without SNI included. AWS does not say where
    the handshake is counted (HC-7). Name resolution has as long again."""
    tls: TlsTerms | None = None
    http: HttpQuestion | None = None
    """None: connecting is all (TCP)."""


def probe_of(check: HealthCheck, refinements: Refinements) -> Probe:
    """The probe of a check of an endpoint type."""
    config, rhythm = check.config, pace(check)
    speaks_http = config.resource_path is not None or config.type.value.startswith("HTTP")
    question = None
    if speaks_http:
        question = HttpQuestion(
            request=render_get(path=config.resource_path or "/", host=host_of(config), check_id=check.id),
            expect=refinements.expect,
            search=(config.search_string or "").encode() if config.type.searches_body else None,
            status_timeout=rhythm.status_timeout,
            body_timeout=rhythm.body_timeout,
        )
    return Probe(
        address=config.ip_address,
        name=config.fqdn,
        port=config.probed_port,
        connect_timeout=rhythm.connect_timeout,
        tls=_tls_terms_of(config, refinements) if config.type.is_tls else None,
        http=question,
    )


def host_of(config: HealthCheckConfig) -> str:
    """The Host header (HC-10).

    | given               | port and type            | Host               |
    |---------------------|--------------------------|--------------------|
    | FQDN                | 80, HTTP; 443, HTTPS     | `FQDN`             |
    | FQDN                | any other pair           | `FQDN:Port`        |
    | only an IP address  | 80, HTTP; 443, HTTPS     | the address        |
    | only an IP address  | any other pair           | `address:Port`     |
    | only an IPv6 address| as above                 | in brackets        |
    """
    name = config.fqdn or config.ip_address or ""
    host = f"[{name}]" if ":" in name else name
    port = config.probed_port
    return host if port == config.type.own_port else f"{host}:{port}"


def _tls_terms_of(config: HealthCheckConfig, refinements: Refinements) -> TlsTerms:
    """`stillup:verify-tls` sends the name whatever EnableSNI says, since it is what it verifies."""
    name = (config.fqdn or "").rstrip(".") or None
    if refinements.verify_tls:
        return TlsTerms(server_name=name or config.ip_address, verify=True)
    # HC-17: true when omitted
    return TlsTerms(server_name=None if config.enable_sni is False else name, verify=False)


# --- what is seen ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """A response came."""

    code: int
    reason: str
    is_expected: bool
    lacks_search: bool = False


@dataclass(frozen=True, slots=True)
class Connected:
    """A TCP check's connection was made."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The endpoint, its name or the way there is at fault."""

    why: str


@dataclass(frozen=True, slots=True)
class Unable:
    """The vantage is at fault: nothing is known about the endpoint, and nothing is counted (decision 6)."""

    why: str


Outcome: TypeAlias = Answered | Connected | Failed | Unable


@dataclass(frozen=True, slots=True)
class Timings:
    """How long the phases took, in milliseconds of real time; None for one that did not happen (1.12)."""

    connect: float | None = None
    tls: float | None = None
    first_byte: float | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What one vantage saw in one probe."""

    status: Status | None
    """None: not counted, the vantage itself could not probe."""
    text: str
    """As GetHealthCheckStatus tells it (HC-54)."""
    at: Instant
    resolved_ip: str | None = None
    timings: Timings = Timings()
