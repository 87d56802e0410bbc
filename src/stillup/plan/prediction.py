"""How long a failover takes: detection, switch and cache, as expected, at best and at worst (HC-27)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from stillup.plan.detection import AWS, Checkers, Span, falling, falling_at_worst, needed, pace_of, rising
from stillup.plan.setup import Alarm, CheckConfig, Record, Setup
from stillup.rules.health.refinements import Refinements, parse_refinements
from stillup.rules.refusal import Refusal

__all__ = ["Checkers", "GuideLine", "Prediction", "Span", "guide_table", "predict"]

ALIAS_TTL: Final = 60
"""Seconds; of load balancers and distributions (AL-2), and what is assumed of the other targets."""

_SWITCH: Final = {True: Span(0.0, 0.1, 1.0), False: Span(0.0, 5.0, 60.0)}
"""On an engine the next query already differs; AWS gives no figure (8.14), people have seen seconds."""
_MESSAGE: Final = {True: Span(0.0, 1.0, 30.0), False: Span(0.0, 5.0, 120.0)}
"""From the alarm's state to the delivery being attempted; AWS gives no figure."""
_MINUTE: Final = 60.0


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
    cache_back: Span | None = None
    """As `cache`, for the standby's answers; None: the same."""
    alarm: Span | None = None
    """From the failure until the alarm has gone off; None: no alarm, or one that this cannot tell."""
    alarm_back: Span | None = None
    """From the primary's return until the alarm is OK again."""
    message: Span | None = None
    """From the alarm until its message is sent."""
    is_held: bool = False
    """Nothing goes back before somebody says so; `recovery` then begins with their word."""

    @property
    def down(self) -> Span:
        """All three together."""
        return self.detection + self.switch + self.cache

    @property
    def up(self) -> Span:
        """The way back."""
        return self.recovery + self.switch + (self.cache_back or self.cache)


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A row of the guide's own table, to stand beside the prediction."""

    phase: str
    duration: str
    seconds: Span


def guide_table() -> tuple[GuideLine, ...]:
    """What the guide promises, with 30 s, three failures and a TTL of 60 s. Its faults: section 8, d and j."""
    return (
        GuideLine("Health check detection", "~90 sec", Span(90.0, 90.0, 90.0)),
        GuideLine("Route 53 DNS propagation", "~60 sec", Span(60.0, 60.0, 60.0)),
        GuideLine("Client DNS cache expiry", "up to TTL value", Span(0.0, 60.0, 60.0)),
        GuideLine("Total worst-case", "~3-5 minutes", Span(180.0, 240.0, 300.0)),
    )


def predict(setup: Setup, checkers: Checkers = AWS) -> Prediction | None:
    """What to expect of the failover; None where no check of ours to judge decides about its primary.

    | the primary's check                      | prediction                                         |
    |------------------------------------------|----------------------------------------------------|
    | none, kept elsewhere, disabled           | None                                               |
    | calculated, of a metric, of a control    | None: what it follows is not in the plan           |
    | probes an endpoint                       | by its interval, thresholds, time-outs, checkers   |

    Expected is what a refused connection gives, worst the slowest failure: every probe waits for all of its time-outs.
    """
    primary = next((each for each in setup.records if each.failover == "PRIMARY"), None)
    check = None if primary is None or primary.check is None else setup.checks.get(primary.check)
    if primary is None or check is None or check.config is None:
        return None
    if check.config.disabled or not check.config.type.startswith(("HTTP", "TCP")):
        return None
    counted = _seeing(check.config, checkers)
    tags = check.tags if checkers.honour_tags else {}
    detection, recovery = _detection(check.config, tags, counted), _recovery(check.config, tags, counted)
    told = next((each for each in setup.alarms if _follows_status(each)), None)
    is_engine = checkers.honour_tags
    secondary = next((each for each in setup.records if each.failover == "SECONDARY"), primary)
    return Prediction(
        detection=detection,
        switch=_SWITCH[checkers.honour_tags],
        cache=_cache(primary),
        recovery=recovery,
        cache_back=_cache(secondary),
        alarm=None if told is None else detection + _alarm(told, _wanted(told), is_engine=is_engine),
        alarm_back=None if told is None else recovery + _alarm(told, _calming(told), is_engine=is_engine),
        message=None if told is None else _MESSAGE[is_engine],
        is_held=_refinements(tags).latch,
    )


def _seeing(config: CheckConfig, checkers: Checkers) -> Checkers:
    """Those of the Regions that the check names (HC-18); on AWS two of each (HC-26)."""
    if not config.regions or checkers.per_region == 0:
        return checkers
    return replace(checkers, count=checkers.per_region * len(config.regions))


def _detection(config: CheckConfig, tags: Mapping[str, str], checkers: Checkers) -> Span:
    pace, sick = pace_of(config, tags), checkers.count - needed(checkers) + 1
    usual = falling(pace, checkers.count, sick)
    return replace(usual, worst=falling_at_worst(pace, config))


def _recovery(config: CheckConfig, tags: Mapping[str, str], checkers: Checkers) -> Span:
    calm = _refinements(tags).recover_after
    return rising(pace_of(config, tags), config, checkers.count, needed(checkers), calm=calm)


def _refinements(tags: Mapping[str, str]) -> Refinements:
    parsed = parse_refinements(tags)
    return Refinements() if isinstance(parsed, Refusal) else parsed


def _cache(record: Record) -> Span:
    """Resolvers have asked at any time within the TTL."""
    ttl = float(ALIAS_TTL if record.ttl is None else record.ttl)
    return Span(0.0, ttl / 2, ttl)


def _wanted(alarm: Alarm) -> int:
    """How many datapoints must be bad for it to go off (M of N)."""
    return alarm.datapoints_to_alarm or alarm.evaluation_periods


def _calming(alarm: Alarm) -> int:
    """How many must be good again until fewer than that are bad."""
    return alarm.evaluation_periods - _wanted(alarm) + 1


def _alarm(alarm: Alarm, wanted: int, *, is_engine: bool) -> Span:
    """From the status until the alarm says it.

    One datapoint a minute says the status; the alarm is evaluated once a minute, and wants so many datapoints (CW-13,
    CW-18). AWS publishes with a delay that it does not tell.
    """
    before_last = (wanted - 1) * float(alarm.period)
    late = _MINUTE if is_engine else 3 * _MINUTE
    return Span(
        before_last, before_last + (_MINUTE / 2 if is_engine else 1.5 * _MINUTE), wanted * alarm.period + late
    )


def _follows_status(alarm: Alarm) -> bool:
    is_below = alarm.comparison == "LessThanThreshold" and 0 < alarm.threshold <= 1
    return (alarm.metric, alarm.statistic) == ("HealthCheckStatus", "Minimum") and is_below
