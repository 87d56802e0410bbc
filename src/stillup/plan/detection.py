"""How long checkers take to agree, from the phases that each of them has of its own (HC-23 … HC-27).

    phase ── failing probe ── pause ── failing probe ── pause ── failing probe → this checker's verdict
    └ uniform within the interval: checkers do not coordinate (HC-25)

Of N uniform phases the k-th is expected at k/(N+1) of the interval. Going down waits for the last but few of the
checkers, going up only for the first few (HC-27).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stillup.plan.setup import CheckConfig
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType
from stillup.rules.health.refinements import Pace, pace
from stillup.rules.health.verdict import HEALTHY_FRACTION
from stillup.rules.ids import HealthCheckId

ANSWER: Final = 1.0
"""Seconds that a well primary takes to answer, at worst: a probe's own time is part of its cycle (HC-25)."""


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds."""

    best: float
    expected: float
    worst: float

    def __add__(self, other: Span) -> Span:
        return Span(self.best + other.best, self.expected + other.expected, self.worst + other.worst)


@dataclass(frozen=True, slots=True)
class Checkers:
    """Who probes."""

    count: int
    honour_tags: bool
    """Whether the `stillup:` tags act: on an engine they do."""
    per_region: int = 1
    """How many there are in each Region that a check may name; 0: checks cannot choose."""
    fraction: float = HEALTHY_FRACTION


AWS: Final = Checkers(16, honour_tags=False, per_region=2)
"""Two in each of eight Regions (HC-26)."""
ENGINE: Final = Checkers(3, honour_tags=True)
"""An engine's vantages, unless it is told otherwise."""


def needed(checkers: Checkers) -> int:
    """How many of them must say healthy for the status to be healthy (HC-23): 3 of 16, 2 of 6, 1 of 3."""
    enough = (
        number for number in range(1, checkers.count + 1) if number / checkers.count > checkers.fraction
    )
    return next(enough, checkers.count)


def pace_of(config: CheckConfig, tags: Mapping[str, str]) -> Pace:
    """The effective pace of a check that probes an endpoint."""
    probed = HealthCheckConfig(
        HealthCheckType(config.type),
        request_interval=config.request_interval,
        failure_threshold=config.failure_threshold,
    )
    return pace(HealthCheck(HealthCheckId(""), "", probed, tags=tags))


def longest_probe(config: CheckConfig, at: Pace) -> float:
    """Seconds of a probe that waits for all that table 1.2 lets it wait for.

    | type         | connect | status | body |
    |--------------|---------|--------|------|
    | TCP          | yes     | no     | no   |
    | HTTP, HTTPS  | yes     | yes    | no   |
    | …_STR_MATCH  | yes     | yes    | yes  |
    """
    kind = HealthCheckType(config.type)
    if kind is HealthCheckType.TCP:
        return at.connect_timeout
    return at.connect_timeout + at.status_timeout + (at.body_timeout if kind.searches_body else 0.0)


def falling(at: Pace, count: int, sick: int, *, each_probe: float = 0.0) -> Span:
    """Until `sick` of `count` checkers hold unhealthy, where a failing probe takes `each_probe` seconds.

    Of 16 with 30 s and three failures, 14 must: 85 s where connections are refused, 97 s where they run into the time-out
    of 4 s (HC-27).
    """
    fixed = (at.fall - 1) * at.confirm_interval + at.fall * each_probe
    return Span(fixed, fixed + at.interval * sick / (count + 1), fixed + at.interval)


def falling_at_worst(at: Pace, config: CheckConfig) -> float:
    """The same where every probe takes as long as it may, and the last good one took its time too."""
    return falling(at, 1, 1, each_probe=longest_probe(config, at)).worst + ANSWER


def rising(at: Pace, config: CheckConfig, count: int, well: int, *, calm: float = 0.0) -> Span:
    """Until `well` of `count` checkers hold healthy again, and `calm` seconds without a failure are over.

    At worst each checker has just begun a probe that runs into its time-outs.
    """
    longest = longest_probe(config, at)
    fixed = (at.rise - 1) * at.interval
    first = at.interval / (count + 1)
    return Span(
        best=max(fixed, calm - at.interval - longest),
        expected=max(fixed + first * well, calm - first),
        worst=max(fixed + at.interval + longest + at.rise * ANSWER, calm + longest),
    )
