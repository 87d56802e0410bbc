"""DescribeAlarms and DescribeAlarmsForMetric (CW-10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.cloudwatch.members import dimensions_in, place_of, render_alarm
from stillup.engine.api.cloudwatch.paging import position_in, token_for
from stillup.rules.alarms.alarm import Alarm
from stillup.rules.alarms.composite import child_arns
from stillup.rules.alarms.configure import alarms_in
from stillup.rules.metrics.metric import Metric
from stillup.wire.aws.messages import AwsError, Output

DEFAULT_PAGE: Final = 100
METRIC, COMPOSITE = "MetricAlarm", "CompositeAlarm"
_RELATIONS: Final = {
    "ChildrenOfAlarmName": ("AlarmName", "AlarmArn", "StateValue", "StateUpdatedTimestamp"),
    "ParentsOfAlarmName": ("AlarmName", "AlarmArn"),
}
"""What is told of an alarm that is asked for as another's child or parent."""


async def describe_alarms(ports: ApiPorts, call: Call) -> Output:
    """DescribeAlarms, in the order of names: metric alarms only, unless AlarmTypes says otherwise."""
    here = alarms_in(ports.worlds.current, place_of(ports, call))
    relation = next((name for name in _RELATIONS if name in call.parameters), None)
    if relation is not None:
        return _page(call, _related(call, here, relation), members=_RELATIONS[relation])
    if call.parameters.get("AlarmNames") and "AlarmNamePrefix" in call.parameters:
        raise AwsError(
            "InvalidParameterCombination", "AlarmNamePrefix and AlarmNames.member are mutually exclusive"
        )
    return _page(call, [alarm for alarm in here.values() if _is_asked_for(call, alarm)])


async def describe_alarms_for_metric(ports: ApiPorts, call: Call) -> Output:
    """DescribeAlarmsForMetric: of exactly this metric; statistic, period and unit narrow it down."""
    asked = call.parameters
    metric = Metric(asked["Namespace"], asked["MetricName"], dimensions_in(asked.get("Dimensions")))
    wanted = {
        name: asked[name] for name in ("Statistic", "ExtendedStatistic", "Period", "Unit") if name in asked
    }
    here = alarms_in(ports.worlds.current, place_of(ports, call)).values()
    of_metric = (
        render_alarm(alarm) for alarm in here if alarm.trigger is not None and alarm.trigger.metric == metric
    )
    return Output({"MetricAlarms": [each for each in of_metric if wanted.items() <= each.items()]})


DESCRIBING_OPERATIONS: Final[Mapping[str, Operation]] = {
    "DescribeAlarms": describe_alarms,
    "DescribeAlarmsForMetric": describe_alarms_for_metric,
}


def type_of(*, is_composite: bool) -> str:
    """What AlarmTypes calls it."""
    return COMPOSITE if is_composite else METRIC


def _is_asked_for(call: Call, alarm: Alarm) -> bool:
    asked = call.parameters
    actions = (*alarm.ok_actions, *alarm.alarm_actions, *alarm.insufficient_data_actions)
    return (
        type_of(is_composite=alarm.rule is not None) in (asked.get("AlarmTypes") or (METRIC,))
        and alarm.name in (asked.get("AlarmNames") or (alarm.name,))
        and alarm.name.startswith(asked.get("AlarmNamePrefix", ""))
        and alarm.standing.state == asked.get("StateValue", alarm.standing.state)
        and ("ActionPrefix" not in asked or any(each.startswith(asked["ActionPrefix"]) for each in actions))
    )


def _related(call: Call, here: Mapping[str, Alarm], relation: str) -> Sequence[Alarm]:
    """The alarms that this one's rule names, or whose rules name this one."""
    others = set(call.parameters) - {relation, "MaxRecords", "NextToken"}
    if others:
        raise AwsError(
            "ValidationError", f"{relation} cannot be used together with {', '.join(sorted(others))}."
        )
    alarm = here.get(call.parameters[relation])
    if alarm is None:
        raise AwsError("ValidationError", f"There is no alarm named {call.parameters[relation]}.")
    if relation == "ChildrenOfAlarmName":
        children = set(child_arns(alarm))
        return [each for each in here.values() if each.arn in children]
    return [each for each in here.values() if alarm.arn in child_arns(each)]


def _page(call: Call, alarms: Iterable[Alarm], *, members: Sequence[str] = ()) -> Output:
    """One page of alarms, with these members or all."""
    last = position_in(call.parameters, str)
    following = [alarm for alarm in alarms if last is None or alarm.name > last]
    size = call.parameters.get("MaxRecords", DEFAULT_PAGE)
    shown = following[:size]
    output: dict[str, Any] = {"MetricAlarms": [], "CompositeAlarms": []}
    for alarm in shown:
        rendered = {
            name: value for name, value in render_alarm(alarm).items() if not members or name in members
        }
        output["MetricAlarms" if alarm.rule is None else "CompositeAlarms"].append(rendered)
    return Output(output | ({"NextToken": token_for(shown[-1].name)} if len(following) > size else {}))
