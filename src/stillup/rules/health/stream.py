"""CLOUDWATCH_METRIC checks: which settings of an alarm are copied, and what its metric then says (1.9)."""

from __future__ import annotations

from typing import Final

from stillup.rules.alarms.alarm import Alarm, AlarmState, Trigger
from stillup.rules.health.check import AlarmIdentifier, HealthCheckConfig, InsufficientData, Status
from stillup.rules.refusal import Refusal
from stillup.rules.world import World

SHORTEST_PERIOD: Final = 60
"""Seconds: high-resolution metrics are not for health checks (HC-40)."""


def copied_trigger(world: World, config: HealthCheckConfig) -> Trigger | Refusal | None:
    """The settings of the alarm that the check names, as they are now (HC-38, HC-39); None for other types.

    | the alarm                                  | outcome      |
    |--------------------------------------------|--------------|
    | plain statistic, N of N, period 60 or more | its settings |
    | anything that HC-40 lists                  | InvalidInput |
    | does not exist, or is a composite one      | InvalidInput |
    """
    if config.alarm_identifier is None:
        return None
    alarm = _find(world, config.alarm_identifier)
    if alarm is None or alarm.trigger is None:
        where = f"{config.alarm_identifier.name} in {config.alarm_identifier.region}"
        return _invalid(f"the metric alarm {where} does not exist.")
    trigger = alarm.trigger
    if trigger.statistic is None:
        return _invalid("the alarm uses an extended statistic, which health checks do not support.")
    if trigger.datapoints_to_alarm not in (None, trigger.evaluation_periods):
        return _invalid("the alarm is an M out of N alarm, which health checks do not support.")
    if trigger.period < SHORTEST_PERIOD:
        return _invalid("the alarm is on a high-resolution metric, which health checks do not support.")
    return trigger


def stream_status(config: HealthCheckConfig, state: AlarmState | None) -> Status | None:
    """What the metric makes of the check (HC-41).

    | state of the stream | InsufficientDataHealthStatus | status       |
    |---------------------|------------------------------|--------------|
    | OK                  | any                          | healthy      |
    | ALARM               | any                          | unhealthy    |
    | INSUFFICIENT_DATA   | Healthy                      | healthy      |
    | INSUFFICIENT_DATA   | Unhealthy                    | unhealthy    |
    | INSUFFICIENT_DATA   | LastKnownStatus              | as it was ¹  |
    | not evaluated yet   | any                          | as it was ¹  |

    ¹ None: nobody can say; a check of which nothing was ever known is healthy.
    """
    match state, config.insufficient_data_health_status:
        case (AlarmState.OK, _) | (AlarmState.INSUFFICIENT_DATA, InsufficientData.HEALTHY):
            return Status.HEALTHY
        case (AlarmState.ALARM, _) | (AlarmState.INSUFFICIENT_DATA, InsufficientData.UNHEALTHY):
            return Status.UNHEALTHY
    return None


def _find(world: World, identifier: AlarmIdentifier) -> Alarm | None:
    wanted = (identifier.region, identifier.name)
    return next((alarm for alarm in world.alarms.values() if (alarm.region, alarm.name) == wanted), None)


def _invalid(reason: str) -> Refusal:
    return Refusal.because("InvalidInput", f"Invalid parameter : {reason}")
