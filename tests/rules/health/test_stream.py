"""CLOUDWATCH_METRIC checks: what is copied from an alarm, and what its metric then says (1.9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stillup.rules.alarms.alarm import Alarm, AlarmState, Comparison, Standing, Trigger
from stillup.rules.changes import AlarmPut, HealthCheckPut
from stillup.rules.health import lifecycle
from stillup.rules.health.addresses import ProbePolicy
from stillup.rules.health.check import (
    AlarmIdentifier,
    HealthCheckConfig,
    HealthCheckType,
    InsufficientData,
    Status,
)
from stillup.rules.health.settings import Settings
from stillup.rules.health.stream import copied_trigger, stream_status
from stillup.rules.ids import Arn, HealthCheckId
from stillup.rules.metrics.metric import Metric, Statistic
from stillup.rules.refusal import Refusal
from stillup.rules.world import World, fold

TRIGGER = Trigger(
    metric=Metric("App", "Errors", (("Host", "a"),)),
    period=60,
    evaluation_periods=2,
    threshold=5.0,
    comparison=Comparison.GREATER,
    statistic=Statistic.SUM,
)
NAMED = AlarmIdentifier("eu-west-1", "errors")
SETTINGS = Settings(alarm_identifier=NAMED)


def alarm(trigger: Trigger | None = TRIGGER, rule: str | None = None) -> Alarm:
    standing = Standing(AlarmState.ALARM, "", None, 0.0, 0.0)
    arn = Arn("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors")
    return Alarm(arn, "eu-west-1", "errors", 0.0, standing, trigger, rule)


def world_with(one: Alarm) -> World:
    return fold(World(), AlarmPut(one))


def config(insufficient: InsufficientData | None = None) -> HealthCheckConfig:
    return HealthCheckConfig(
        HealthCheckType.CLOUDWATCH_METRIC,
        alarm_identifier=NAMED,
        insufficient_data_health_status=insufficient,
    )


@pytest.mark.parametrize(
    ("unsupported", "word"),
    [
        ({"statistic": None, "extended_statistic": "p99"}, "extended statistic"),
        ({"datapoints_to_alarm": 1}, "M out of N"),
        ({"period": 10}, "high-resolution"),
    ],
)
def test_alarms_that_route_53_cannot_follow_are_refused(unsupported: dict[str, Any], word: str) -> None:
    """HC-40."""
    refusal = copied_trigger(world_with(alarm(replace(TRIGGER, **unsupported))), config())
    assert isinstance(refusal, Refusal)
    assert word in refusal.message


@pytest.mark.parametrize("world", [World(), world_with(alarm(None, rule="TRUE"))])
def test_the_alarm_must_be_there_and_be_about_a_metric(world: World) -> None:
    refusal = copied_trigger(world, config())
    assert isinstance(refusal, Refusal)
    assert "errors in eu-west-1 does not exist" in refusal.message


def test_the_settings_are_copied_at_create_and_again_at_every_update_and_not_in_between() -> None:
    """HC-38, HC-39."""
    world, check_id = world_with(alarm()), HealthCheckId("a")
    put = lifecycle.create(
        world,
        check_id=check_id,
        caller_reference="r",
        kind="CLOUDWATCH_METRIC",
        settings=SETTINGS,
        policy=ProbePolicy(),
    )
    assert isinstance(put, HealthCheckPut)
    world = fold(world, put)
    assert world.health_checks[check_id].trigger == TRIGGER

    world = fold(world, AlarmPut(alarm(replace(TRIGGER, threshold=9.0))))
    assert world.health_checks[check_id].trigger == TRIGGER
    put = lifecycle.update(world, check_id, Settings(), version=None, reset=frozenset(), policy=ProbePolicy())
    assert isinstance(put, HealthCheckPut)
    assert put.check.trigger == replace(TRIGGER, threshold=9.0)


I = InsufficientData
S = AlarmState


@pytest.mark.parametrize(
    ("state", "insufficient", "status"),
    [
        (S.OK, I.UNHEALTHY, Status.HEALTHY),
        (S.ALARM, I.HEALTHY, Status.UNHEALTHY),
        (S.INSUFFICIENT_DATA, I.HEALTHY, Status.HEALTHY),
        (S.INSUFFICIENT_DATA, I.UNHEALTHY, Status.UNHEALTHY),
        (S.INSUFFICIENT_DATA, I.LAST_KNOWN_STATUS, None),
        (None, I.UNHEALTHY, None),
    ],
)
def test_the_metric_makes_the_status(
    state: AlarmState | None, insufficient: InsufficientData, status: Status | None
) -> None:
    """HC-41."""
    assert stream_status(config(insufficient), state) is status
