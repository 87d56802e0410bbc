"""The plan file as classes, top to bottom. The JSON Schema and the reference page are made from them.

version: 1
failovers:
  - name: www.example.com
    zone: example.com
    primary:
      address: 203.0.113.10
      check: {path: /health}
    standby:
      folder: maintenance
    alert:
      emails: [oncall@example.com]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, Tag

from stillup.plan.file.alert import Alert
from stillup.plan.file.parts import Conflict, Part
from stillup.plan.file.rehearsal import Rehearsal
from stillup.plan.file.targets import Primary, Standby
from stillup.plan.file.together import across_failovers, within_failover
from stillup.plan.file.words import (
    CalmTime,
    EndpointUrl,
    Listener,
    Name,
    NoTwins,
    Region,
    Version,
    Whole,
    Zone,
)

DEFAULT_TTL: Final = 60
"""Seconds; the guide's figure."""


class Where(Part):
    """Which account or engine the plan is for. Flags of the command line win over it."""

    profile: str | None = Field(None, min_length=1)
    """A profile of the AWS configuration."""
    region: Region = "us-east-1"
    """The Region of the standby's bucket. Checks and records have none; the alarm lives in us-east-1."""
    endpoint_url: EndpointUrl | None = None
    """The API of an engine, or of anything else that speaks AWS's protocols."""
    dns: Annotated[tuple[Listener, ...], NoTwins] = ()
    """`ADDR:PORT` of the authoritative servers that a drill asks; without it, those of the zone's delegation."""


class Failback(Part):
    """How the primary gets its visitors back, if not at once."""

    after: CalmTime
    """The check must have been well for so long. On an engine; Route 53 cannot wait."""


class Silence(Part):
    """A finding of `stillup lint` that is known and accepted."""

    rule: str = Field(pattern=r"^SU\d{3}$")
    """Its id, such as `SU012`."""
    reason: str = Field(min_length=8)
    """Why it is accepted, for whoever reads the file next."""
    failover: Name | None = None
    """Only for this one; without it, for all of the file."""


class Failover(Part):
    """One name that stays up: a primary that is checked, and a standby."""

    name: Name
    """What visitors type."""
    zone: Zone
    """The hosted zone: its name, or its id where several have that name."""
    primary: Primary
    """Who answers while it is well."""
    standby: Standby
    """Who answers otherwise."""
    ttl: Whole | None = Field(None, ge=0, le=2_147_483_647)
    """Seconds that resolvers may keep an answer; without it 60, or the check's interval where that is shorter."""
    alert: Alert | None = None
    """Who is told."""
    budget: CalmTime | None = None
    """From the failure until visitors get the standby: more than this fails a drill."""
    failback: Annotated[
        Annotated[Literal["auto", "held"], Tag("word")] | Annotated[Failback, Tag("mapping")],
        Discriminator(lambda value: "mapping" if isinstance(value, dict | Failback) else "word"),
    ] = "auto"
    """When the primary is well again: at once, when a person says so, or after a calm time."""
    drill: Rehearsal = Rehearsal()
    """How it is rehearsed."""

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[Conflict]:
        """Nonsense between the parts; see `together`."""
        yield from within_failover(given)

    @property
    def record_ttl(self) -> int:
        """Seconds; the TTL given, or the default."""
        if self.ttl is not None:
            return self.ttl
        check = self.primary.check
        return DEFAULT_TTL if check is None else max(1, min(DEFAULT_TTL, int(check.interval)))


class PlanFile(Part):
    """A whole plan file."""

    version: Version
    """Of the file's format."""
    where: Where = Where()
    """The account, or the engine."""
    failovers: tuple[Failover, ...] = Field(min_length=1)
    """One or more."""
    silence: tuple[Silence, ...] = ()
    """Findings that are known and accepted."""

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[Conflict]:
        """Nonsense between failovers; see `together`."""
        yield from across_failovers(given)
