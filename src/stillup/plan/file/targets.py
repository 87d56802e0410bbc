"""Where visitors are sent: the primary with its check, and the standby."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stillup.plan.file.parts import Address, Name, Part, Seconds, Truth, Whole


class Alias(Part):
    """An AWS resource behind an alias record: a load balancer, a distribution, another record."""

    zone_id: str = Field(min_length=1)
    """The hosted zone id of the resource, not of the plan's zone."""
    name: Name
    evaluate_target_health: Truth = True
    types: tuple[Literal["A", "AAAA"], ...] = ("A",)


class Check(Part):
    """What must be true of a target for visitors to be sent there. Probed from outside, all the time.

    `expect`, `verify-tls`, `confirm-interval`, `timeout`, `fall`, `rise`, and intervals other than 10 s and 30 s act on
    an engine; Route 53 does not know them and goes on with what it knows.
    """

    type: Literal["http", "https", "tcp"] = "http"
    port: Whole | None = Field(None, ge=1, le=65535)
    """Without it 80, or 443 for https."""
    path: str | None = Field(None, max_length=255)
    """With its query string; http and https only."""
    host: Name | None = None
    """The Host header and the SNI; without it the failover's name, or the target's where that is a name."""
    address: Address | None = None
    """What is probed; without it the target's first address."""
    string: str | None = Field(None, min_length=1, max_length=255)
    """Must be within the first 5,120 bytes of the body; case matters."""
    interval: Seconds = 30.0
    failures: Whole = Field(3, ge=1, le=10)
    """Results in a row that change a checker's mind, in both directions."""
    regions: tuple[str, ...] = ()
    """Where it is probed from; three at least; without it everywhere."""
    sni: Truth | None = None
    """Whether the TLS client says which host it wants; without it, yes for https."""
    inverted: Truth = False
    """Well is ill and ill is well."""
    disabled: Truth = False
    """Nothing is probed; the target counts as well."""
    measure_latency: Truth = False
    existing: str | None = None
    """The id of a health check that is made and kept elsewhere, in place of all else here."""
    expect: str | None = None
    """Status codes that are well, such as `200-299`; without it `200-399`, as Route 53."""
    verify_tls: Truth | None = None
    confirm_interval: Seconds | None = None
    timeout: Seconds | None = None
    fall: Whole | None = Field(None, ge=1, le=100)
    rise: Whole | None = Field(None, ge=1, le=100)


class Primary(Part):
    """The server that visitors should reach. One of address, addresses, name and alias."""

    address: Address | None = None
    addresses: tuple[Address, ...] = ()
    name: Name | None = None
    """Becomes a CNAME record."""
    alias: Alias | None = None
    check: Check | None = None
    instances: tuple[str, ...] = ()
    """EC2 instances behind it; a drill may stop them."""

    @property
    def all_addresses(self) -> tuple[Address, ...]:
        """The addresses given, in either way."""
        return self.addresses if self.address is None else (self.address,)


class Standby(Part):
    """Who answers when the primary does not. One of folder, bucket, address, addresses, name and alias.

    `folder` may have a `bucket` beside it, where the bucket's name is not the failover's.
    """

    folder: str | None = None
    """Published as a static website, in a bucket with the failover's name. Relative to the plan file."""
    bucket: str | None = None
    """A bucket with a website that is published elsewhere."""
    region: str | None = None
    """Of the bucket; without it `where`'s."""
    index: str = "index.html"
    error: str | None = None
    """Without it `error.html` if the folder has one, else the index."""
    cache_control: str = "max-age=60"
    """What browsers are told about the pages."""
    address: Address | None = None
    addresses: tuple[Address, ...] = ()
    name: Name | None = None
    alias: Alias | None = None
    check: Check | None = None
    """Rarely wise: without one the standby is always used when the primary is ill."""

    @property
    def all_addresses(self) -> tuple[Address, ...]:
        """The addresses given, in either way."""
        return self.addresses if self.address is None else (self.address,)
