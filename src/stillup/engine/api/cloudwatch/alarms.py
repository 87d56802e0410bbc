"""CloudWatch's operations that make, change and delete alarms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.cloudwatch.members import place_of, raise_if_given, settings_in, trigger_in
from stillup.rules.alarms import configure_existing as existing
from stillup.rules.alarms.configure_composite import put_composite_alarm
from stillup.rules.alarms.configure_metric import put_metric_alarm
from stillup.wire.aws.messages import AwsError, Output


async def put_metric(ports: ApiPorts, call: Call) -> Output:
    """PutMetricAlarm, on one metric: metric math is refused."""
    if "Metrics" in call.parameters or "ThresholdMetricId" in call.parameters:
        raise AwsError(
            "ValidationError",
            "Metric math and anomaly detection are not supported by this engine: specify MetricName, Namespace and "
            "Threshold instead of Metrics and ThresholdMetricId.",
        )
    raise_if_given(
        call,
        "EvaluationWindow",
        "WarmUpConfiguration",
        "EvaluationCriteria",
        "EvaluationInterval",
        "ActionConfiguration",
    )
    decide = partial(
        put_metric_alarm,
        settings=settings_in(call.parameters),
        wanted=trigger_in(call.parameters),
        place=place_of(ports, call),
        now=ports.clock.now(),
    )
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def put_composite(ports: ApiPorts, call: Call) -> Output:
    """PutCompositeAlarm, without a suppressor of its actions."""
    raise_if_given(
        call,
        "ActionsSuppressor",
        "ActionsSuppressorWaitPeriod",
        "ActionsSuppressorExtensionPeriod",
        "ActionConfiguration",
    )
    decide = partial(
        put_composite_alarm,
        settings=settings_in(call.parameters),
        rule=call.parameters["AlarmRule"],
        place=place_of(ports, call),
        now=ports.clock.now(),
    )
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def delete(ports: ApiPorts, call: Call) -> Output:
    """DeleteAlarms: those that exist, unless a composite alarm needs one of them."""
    decide = partial(
        existing.delete_alarms,
        names=call.parameters["AlarmNames"],
        place=place_of(ports, call),
        now=ports.clock.now(),
    )
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def switch_actions(ports: ApiPorts, call: Call, *, enabled: bool) -> Output:
    """EnableAlarmActions and DisableAlarmActions, of those alarms that exist."""
    decide = partial(
        existing.switch_actions,
        names=call.parameters["AlarmNames"],
        enabled=enabled,
        place=place_of(ports, call),
        now=ports.clock.now(),
    )
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


ALARM_OPERATIONS: Final[Mapping[str, Operation]] = {
    "PutMetricAlarm": put_metric,
    "PutCompositeAlarm": put_composite,
    "DeleteAlarms": delete,
    "EnableAlarmActions": partial(switch_actions, enabled=True),
    "DisableAlarmActions": partial(switch_actions, enabled=False),
}
