"""Alarms, samples and worlds to try the rules of alarms on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stillup.rules.alarms import reasons
from stillup.rules.alarms.alarm import Alarm, AlarmState, Comparison, Standing, Trigger
from stillup.rules.ids import Arn
from stillup.rules.metrics.metric import Metric, Sample, Statistic, sample_of

MINUTE = 1_755_072_480.0
"""2025-08-13 08:08:00 UTC."""
CHECK = "11111111-2222-3333-4444-555555555555"
STATUS = Metric("AWS/Route53", "HealthCheckStatus", (("HealthCheckId", CHECK),))
TOPIC = Arn("arn:aws:sns:us-east-1:123456789012:alerts")


def trigger(**given: Any) -> Trigger:
    """Three periods of a minute, below 1.0."""
    usual = {
        "metric": STATUS,
        "period": 60,
        "evaluation_periods": 3,
        "threshold": 1.0,
        "comparison": Comparison.LESS,
        "statistic": Statistic.MINIMUM,
    }
    return Trigger(**{**usual, **given})


def samples(data: str, *, period: int = 60, end: float = MINUTE) -> Sequence[Sample]:
    """`0 - X - X`, newest right: 0 is well (1.0), X breaches (0.0), - is missing."""
    slots = data.split()
    return [
        sample_of(STATUS, end - period * (len(slots) - number), {"0": 1.0, "X": 0.0}[slot])
        for number, slot in enumerate(slots)
        if slot != "-"
    ]


def arn_of(name: str, region: str = "us-east-1") -> Arn:
    """The ARN of an alarm of this name."""
    return Arn(f"arn:aws:cloudwatch:{region}:123456789012:alarm:{name}")


def alarm(name: str = "primary-down", state: AlarmState = AlarmState.OK, **given: Any) -> Alarm:
    """A metric alarm in this state, or, with a rule, a composite one."""
    usual: dict[str, Any] = {
        "arn": arn_of(name),
        "region": "us-east-1",
        "name": name,
        "configured_at": MINUTE - 3600,
        "standing": Standing(state, reasons.INITIAL, None, MINUTE - 3600, MINUTE - 3600),
        "trigger": None if "rule" in given else trigger(evaluation_periods=1),
        "alarm_actions": (TOPIC,),
        "ok_actions": (TOPIC,),
    }
    return Alarm(**{**usual, **given})
