"""A chain as a value: links, each with what was seen, the rule, what follows, and whether both agree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The links, in the order in which a failure runs through them."""

    OBSERVATIONS = "observations"
    VERDICTS = "verdicts"
    STATUS = "status"
    RULE = "rule"
    ANSWER = "answer"
    TTL = "TTL"
    PAGE = "page"
    ALARM = "alarm"
    MESSAGE = "message"


class Agreement(StrEnum):
    """Whether what was seen is what follows."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    """One of both is not known."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link."""

    stage: Stage
    about: str
    """Which check, record type or alarm; empty where there is one only."""
    follows: str
    """What the rule makes of the link before, in a sentence."""
    rule: str = ""
    """The rule that was applied, in words."""
    source: str = ""
    """Of the rule: the ids of facts."""
    seen: tuple[str, ...] = ()
    """The evidence, a line each."""
    agreement: Agreement = Agreement.UNKNOWN
    cause: str | None = None
    """Where both differ: the likely cause. Where it is unknown: why."""


class Target(StrEnum):
    """Where visitors are sent."""

    PRIMARY = "primary"
    STANDBY = "standby"
    MIXED = "several"
    """Some to one, some to another."""
    NOBODY = "nobody"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Since:
    """Since when something is so."""

    at: float | None
    """Seconds since the epoch; None: nobody knows."""
    source: str
    """Who says so, or why nobody knows."""
    is_earliest_known: bool = False
    """It may have been so for longer: the knowledge ends here."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The whole story of one failover at one moment."""

    failover: str
    now: float
    visitors_get: Target
    where: tuple[str, ...]
    """The values that they are sent to."""
    since: Since
    links: tuple[Link, ...]
    checkers_healthy: int | None
    checkers: int | None
    """Of the primary's checks, those that gave an observation."""
    alarm_states: tuple[tuple[str, str], ...]
    """Name and state."""
    told: tuple[str, ...]
    """Endpoints that are told."""
    pending: tuple[str, ...]
    """Endpoints whose subscription nobody has confirmed."""
    problems: tuple[str, ...]
    """What is not as it should be, in sentences; empty: all is well."""
    unknown: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether visitors get the primary and everything agrees."""
        return not self.problems
