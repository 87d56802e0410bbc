"""What only the account and the network can tell, read beforehand; rules never look themselves.

Every field is None where it could not be known, which no rule takes for good or bad; `unknown` says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stillup.plan.setup import CheckConfig, PublicAccessBlock, Setup


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """An address of the primary, as EC2 knows it in the Region that it belongs to."""

    is_ec2: bool
    """Amazon's by its reverse name, or the account's."""
    is_ours: bool
    """An Elastic IP of this account, or the public address of one of its instances."""
    is_elastic: bool = False
    is_associated: bool = False
    instance: str | None = None
    """The instance that it leads to."""


@dataclass(frozen=True, slots=True)
class Ingress:
    """One inbound rule of a security group. Ports are None for all of them."""

    protocol: str
    """`tcp`, `udp`, …, or `-1` for all."""
    from_port: int | None
    to_port: int | None
    networks: tuple[str, ...] = ()
    """CIDRs."""
    prefix_lists: tuple[str, ...] = ()
    """Names such as `com.amazonaws.us-east-1.route53-healthchecks`; the id where the name is unknown."""


@dataclass(frozen=True, slots=True)
class Instance:
    """An EC2 instance; `state` as EC2 says, `missing` where it is not there."""

    id: str
    state: str
    ingress: tuple[Ingress, ...] | None = None
    """Of all its security groups together."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the primary shows to a TLS client. Times are seconds since the epoch."""

    port: int
    not_after: float
    covers_name: bool
    """Whether it is for the name that a visitor asks for."""
    is_trusted: bool
    """Whether its chain leads to an issuer that this machine trusts, dates and names apart."""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """An answer over HTTP, redirects not followed. `status` is None where none came, and `error` says why."""

    url: str
    status: int | None = None
    error: str | None = None
    location: str | None = None
    """Where a redirect leads, as an absolute URL."""
    content_encoding: str | None = None
    retry_after: str | None = None
    hsts: str | None = None
    """The Strict-Transport-Security header (RFC 6797)."""
    server: str | None = None
    """The Server header."""
    body: bytes | None = None
    """Its first 64 KiB."""
    behind: Page | None = None
    """What answers where the redirect leads."""


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """The bucket behind the standby, by its name."""

    name: str
    exists: bool
    is_ours: bool = True
    region: str | None = None
    is_readable: bool | None = None
    """Whether somebody without credentials may read its index page."""
    has_index: bool | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What one checker saw last."""

    region: str
    is_success: bool
    status: str


@dataclass(frozen=True, slots=True)
class AlarmState:
    """`OK`, `ALARM` or `INSUFFICIENT_DATA`, and since when, in seconds since the epoch."""

    value: str
    since: float


@dataclass(frozen=True, slots=True)
class LeftCheck:
    """A health check that no record of any zone names, nor any other check, nor a composite."""

    id: str
    name: str | None
    target: str


@dataclass(frozen=True, slots=True)
class LeftAlarm:
    """An alarm on the metrics of a health check that does not exist."""

    name: str
    region: str
    check: str


@dataclass(frozen=True, slots=True)
class Live:
    """Of one failover."""

    now: float
    """Seconds since the epoch, when the facts were read."""
    setup: Setup | None = None
    """What the account holds under the failover's name."""
    unknown: tuple[str, ...] = ()
    """What could not be known, with the reason: a permission that lacks, an operation that the endpoint has not."""
    account_block: PublicAccessBlock | None = None
    """Of the whole account; it wins over the bucket's (S3-8)."""
    addresses: Mapping[str, PublicAddress] | None = None
    """By address: the primary's."""
    instances: Mapping[str, Instance] | None = None
    """By id: those that the plan names, and those behind the primary's addresses."""
    checkers: tuple[str, ...] | None = None
    """Networks that health checks of the primary come from, in CIDR, those of GLOBAL included."""
    existing_checks: Mapping[str, CheckConfig | None] | None = None
    """By id: those that the plan takes for existing; None for one that is not there."""
    observations: Mapping[str, tuple[Observation, ...]] | None = None
    """By the check's id: the last one of each checker."""
    probe: Page | None = None
    """The primary, asked as its health check asks."""
    https: Page | None = None
    """The primary's front page over HTTPS, where it answers."""
    certificate: Certificate | None = None
    standby: Page | None = None
    """The standby's front page, as a visitor sees it."""
    bucket: BucketFacts | None = None
    delegation: tuple[str, ...] | None = None
    """The zone's name servers, as its parent tells."""
    answers: Mapping[str, tuple[str, ...]] | None = None
    """By authoritative server: what it answers for the failover's name now."""
    alarm_states: Mapping[str, AlarmState] | None = None
    """By name of the alarm."""
    missing_topics: tuple[str, ...] | None = None
    """ARNs that alarms call and that do not exist."""
    left_checks: tuple[LeftCheck, ...] | None = None
    left_alarms: tuple[LeftAlarm, ...] | None = None
