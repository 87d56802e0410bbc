"""Where visitors are sent: the primary with its check, and the standby."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from stillup.plan.file.parts import Conflict, Part, exactly_one, only_with
from stillup.plan.file.words import (
    Address,
    BucketName,
    CheckerRegions,
    Instance,
    Name,
    NoTwins,
    Pace,
    Patience,
    Region,
    StatusCodes,
    Truth,
    Whole,
    ZoneId,
)

_SITE_KEYS: Final = ("region", "index", "error", "cache-control")
_HTTP_KEYS: Final = ("path", "string", "expect")
Addresses = Annotated[tuple[Address, ...], Field(min_length=1), NoTwins]


class Alias(Part):
    """An AWS resource behind an alias record: a load balancer, a distribution, another record."""

    zone_id: ZoneId
    """The hosted zone id of the resource, not of the plan's zone."""
    name: Name
    """The resource's DNS name."""
    evaluate_target_health: Truth = True
    """Whether the resource's own health counts; must be false for a CloudFront distribution."""
    types: Annotated[tuple[Literal["A", "AAAA"], ...], Field(min_length=1), NoTwins] = ("A",)
    """A, AAAA or both: what visitors may ask for."""


class Check(Part):
    """What must be true of a target for visitors to be sent there. Probed from outside, all the time.

    `expect`, `verify-tls`, `confirm-interval`, `timeout`, `fall`, `rise`, and intervals other than 10 s and 30 s act on
    an engine; Route 53 does not know them and goes on with what it knows.
    """

    type: Literal["http", "https", "tcp"] = "http"
    """What is spoken; with tcp a connection is enough."""
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
    interval: Pace = 30.0
    """From one probe to the next, of each checker."""
    failures: Whole = Field(3, ge=1, le=10)
    """Results in a row that change a checker's mind, in both directions."""
    regions: CheckerRegions = ()
    """Where it is probed from; three at least; without it everywhere."""
    sni: Truth | None = None
    """Whether the TLS client says which host it wants; without it, yes for https."""
    inverted: Truth = False
    """Well is ill and ill is well."""
    disabled: Truth = False
    """Nothing is probed; the target counts as well."""
    measure_latency: Truth = False
    """Whether the time to connect and to the first byte is measured; cannot be changed later, and costs extra."""
    existing: str | None = Field(None, min_length=1, max_length=64)
    """The id of a health check that is made and kept elsewhere, in place of all else here."""
    expect: StatusCodes | None = None
    """Status codes that are well, such as `200-299`; without it `200-399`, as Route 53."""
    verify_tls: Truth | None = None
    """Whether an invalid certificate is ill, with https. Route 53 never looks at it."""
    confirm_interval: Pace | None = None
    """The pace after a first failure, until it is decided."""
    timeout: Patience | None = None
    """Of each phase of a probe."""
    fall: Whole | None = Field(None, ge=1, le=100)
    """Failures in a row, in place of `failures`."""
    rise: Whole | None = Field(None, ge=1, le=100)
    """Successes in a row, in place of `failures`."""

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[Conflict]:
        """
        | given                            | makes sense                    |
        |----------------------------------|--------------------------------|
        | `existing`                       | alone: all else is kept there  |
        | `path`, `string`, `expect`       | with http and https            |
        """
        if "existing" in given and len(given) > 1:
            others = ", ".join(f"`{key}`" for key in given if key != "existing")
            yield ("existing",), f"stands alone: that check is kept elsewhere, and so is its {others}"
            return
        yield from only_with(given, _HTTP_KEYS, "`type: http` or `https`", holds=given.get("type") != "tcp")


class Primary(Part):
    """The server that visitors should reach. One of address, addresses, name and alias."""

    address: Address | None = None
    """IPv4 or IPv6."""
    addresses: Addresses = ()
    """Several, of either family: an A and an AAAA record."""
    name: Name | None = None
    """Becomes a CNAME record."""
    alias: Alias | None = None
    """A resource of AWS's."""
    check: Check | None = None
    """What must be true of it; without one it counts as well for ever."""
    instances: Annotated[tuple[Instance, ...], NoTwins] = ()
    """EC2 instances behind it; a drill may stop them."""

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[Conflict]:
        """One target, no more."""
        yield from exactly_one(given, ("address", "addresses", "name", "alias"))

    @property
    def all_addresses(self) -> tuple[Address, ...]:
        """The addresses given, in either way."""
        return self.addresses if self.address is None else (self.address,)


class Standby(Part):
    """Who answers when the primary does not. One of folder, bucket, address, addresses, name and alias.

    `folder` may have a `bucket` beside it, where the bucket's name is not the failover's.
    """

    folder: str | None = Field(None, min_length=1)
    """Published as a static website, in a bucket with the failover's name. Relative to the plan file."""
    bucket: BucketName | None = None
    """A bucket with a website that is published elsewhere."""
    region: Region | None = None
    """Of the bucket; without it `where`'s."""
    index: str = Field("index.html", min_length=1)
    """The page of the website's folders."""
    error: str | None = Field(None, min_length=1)
    """Without it `error.html` if the folder has one, else the index."""
    cache_control: str = Field("max-age=60", min_length=1)
    """What browsers are told about the pages."""
    address: Address | None = None
    """IPv4 or IPv6."""
    addresses: Addresses = ()
    """Several, of either family: an A and an AAAA record."""
    name: Name | None = None
    """Becomes a CNAME record."""
    alias: Alias | None = None
    """A resource of AWS's."""
    check: Check | None = None
    """Rarely wise: without one the standby is always used when the primary is ill."""

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[Conflict]:
        """One target, but a bucket may stand beside the folder that is published in it."""
        keys = ("folder", "bucket", "address", "addresses", "name", "alias")
        if "folder" in given:
            yield from exactly_one({key: each for key, each in given.items() if key != "bucket"}, keys)
        else:
            yield from exactly_one(given, keys)
        is_site = "folder" in given or "bucket" in given
        yield from only_with(given, _SITE_KEYS, "`folder` or `bucket`", holds=is_site)

    @property
    def all_addresses(self) -> tuple[Address, ...]:
        """The addresses given, in either way."""
        return self.addresses if self.address is None else (self.address,)
