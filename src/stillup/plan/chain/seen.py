"""What was seen of a failover at one moment, through the API, the DNS and HTTP. None: could not be seen.

Instants are seconds since the epoch, by the clock of whoever told them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from stillup.plan.setup import Record, Setup

TEST_DNS_ANSWER: Final = "TestDNSAnswer"
"""The server of an answer that Route 53 was asked for through its API (2.12)."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one checker saw in its latest probe (HC-51)."""

    region: str
    checker: str
    """Its address."""
    at: float
    text: str

    @property
    def is_success(self) -> bool:
        """By the word that the text begins with (HC-54). Neither this nor a failure: the checker has nothing to tell yet."""
        return self.text.startswith("Success")

    @property
    def is_failure(self) -> bool:
        """By the same word."""
        return self.text.startswith("Failure")


@dataclass(frozen=True, slots=True)
class Datapoint:
    """One minute of HealthCheckStatus: 1 healthy, 0 unhealthy (1.12)."""

    at: float
    minimum: float

    @property
    def is_healthy(self) -> bool:
        """Whether the check was healthy all that minute."""
        return self.minimum >= 1


@dataclass(frozen=True, slots=True)
class CheckSeen:
    """A health check."""

    observations: tuple[Observation, ...] | None = None
    """None: it has none to give (HC-53), or they could not be read."""
    failures: tuple[Observation, ...] | None = None
    """Each checker's latest failure, whenever it was."""
    datapoints: tuple[Datapoint, ...] | None = None
    """Newest first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered for the name."""

    server: str
    """`ADDR:PORT`, or TEST_DNS_ANSWER."""
    type: str
    values: tuple[str, ...] = ()
    """As text; the last record set of a chain of CNAMEs."""
    ttl: int | None = None
    rcode: str | None = None
    problem: str | None = None
    """Why there is no answer."""
    through: tuple[str, ...] = ()
    """The names that CNAME records led to on the way."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a visitor got by HTTP from one of the addresses."""

    url: str
    address: str | None = None
    status: int | None = None
    title: str | None = None
    server: str | None = None
    """The Server header: `AmazonS3` gives a standby away."""
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class StateChange:
    """A line of an alarm's history: it went into another state."""

    at: float
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ActionTaken:
    """A line of an alarm's history: it told a topic, or failed to."""

    at: float
    target: str
    """ARN."""
    succeeded: bool
    summary: str


@dataclass(frozen=True, slots=True)
class AlarmSeen:
    """An alarm of the Setup."""

    state: str
    reason: str
    since: float | None = None
    """When the state became what it is."""
    changes: tuple[StateChange, ...] = ()
    """Newest first, as far back as the history goes (CW-10)."""
    actions: tuple[ActionTaken, ...] = ()
    """Newest first."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything, of one failover."""

    now: float
    setup: Setup
    """As the account holds it."""
    targets: tuple[Record, ...] = ()
    """Records of the zone that aliases at the name lead to."""
    checks: Mapping[str, CheckSeen] = field(default_factory=dict)
    """By the key of the check in the Setup."""
    answers: tuple[Answer, ...] = ()
    pages: tuple[Page, ...] = ()
    alarms: Mapping[str, AlarmSeen] = field(default_factory=dict)
    """By name."""
    unknown: tuple[str, ...] = ()
    """Why something could not be seen, in sentences."""
