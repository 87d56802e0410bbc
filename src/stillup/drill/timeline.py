"""What a drill saw, and what it makes of it: values that are measured once and reported in any form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stillup.plan.prediction import Prediction, Span


class Watcher(StrEnum):
    """Who watches."""

    AUTHORITY = "authority"
    """An authoritative server of the zone, asked directly."""
    RESOLVER = "resolver"
    """A caching resolver, as visitors have one."""
    VISITOR = "visitor"
    """Opens the page anew each time, and asks the DNS again when the TTL is over."""
    KEPT_CONNECTION = "kept connection"
    """Opens the page over the connection that it already has, as long as that lasts."""
    CHECK = "check"
    """The health check's status, from its checkers' observations."""
    ALARM = "alarm"
    MESSAGE = "message"
    """The alarm's message, handed to its topic."""
    DELIVERY = "delivery"
    """The same, arriving at one of those who are told."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that became otherwise, as one watcher saw it. What stays the same is not repeated."""

    at: float
    """Seconds since the drill began."""
    watcher: Watcher
    who: str
    """Which of them: `127.0.0.1:5300`, `us-east-1`, the alarm's name."""
    state: str
    """In a word or an answer: `203.0.113.10`, `healthy`, `ALARM`, `standby`, `error`."""
    is_primary: bool | None
    """Whether it leads to, or speaks for, the primary (well); None: neither."""
    detail: str = ""


class Moment(StrEnum):
    """What the drill itself did."""

    BEGUN = "begun"
    BROKEN = "broken"
    RESTORED = "restored"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the way, as measured and as predicted. Seconds since the drill began."""

    name: str
    """`detection`, `switch`, `cache`, `alarm`, `message`; after the restore `recovery`, `switch back`, …"""
    began: float
    ended: float | None
    """None: it did not end within the drill's patience."""
    predicted: Span | None = None
    remark: str = ""
    """How its end is known, where that is not plain."""

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return None if self.ended is None else self.ended - self.began


@dataclass(frozen=True, slots=True)
class Drill:
    """One rehearsal, whole."""

    failover: str
    method: str
    began_at: float
    """Seconds since the epoch."""
    moments: tuple[tuple[Moment, float], ...]
    """In order; seconds since the drill began."""
    sightings: tuple[Sighting, ...]
    phases: tuple[Phase, ...]
    prediction: Prediction | None
    budget: float | None
    """Seconds that visitors may be without a page."""
    outage: float | None
    """Seconds for which the visitor who honours the TTL had no page; None: it never came back."""
    problems: tuple[str, ...] = ()
    """Why the drill failed: over budget, outside of the prediction, not restored; empty where it passed."""
    interrupted: bool = False

    @property
    def passed(self) -> bool:
        """Whether everything was as it should be."""
        return not self.problems and not self.interrupted
