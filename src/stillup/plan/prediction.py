"""How long a failover takes: detection, switch and cache, as expected, at best and at worst (HC-27)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds."""

    best: float
    expected: float
    worst: float

    def __add__(self, other: Span) -> Span:
        return Span(self.best + other.best, self.expected + other.expected, self.worst + other.worst)


@dataclass(frozen=True, slots=True)
class Prediction:
    """Of one failover. `down` is from the failure until nobody is sent to the primary any more, `up` the way back."""

    detection: Span
    """From the failure until the check's status is unhealthy."""
    switch: Span
    """From the status until the authoritative servers answer otherwise."""
    cache: Span
    """From that answer until resolvers that honour the TTL have asked again."""
    recovery: Span
    """From the primary's return until the check's status is healthy."""

    @property
    def down(self) -> Span:
        """All three together."""
        return self.detection + self.switch + self.cache

    @property
    def up(self) -> Span:
        """The way back."""
        return self.recovery + self.switch + self.cache
