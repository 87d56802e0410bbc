"""CloudWatch: alarms have ARNs, metrics have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from stillup.rules.iam.context import requested_tag_keys, tag_keys
from stillup.rules.iam.patterns import Context
from stillup.rules.iam.table.row import (
    EVERYTHING,
    Facts,
    Need,
    Resources,
    Row,
    everything,
    has,
    single,
    tags,
    text,
    texts,
)
from stillup.rules.ids import Arn


def _alarm(facts: Facts) -> Sequence[str]:
    return (facts.arn("cloudwatch", f"alarm:{text(facts.parameters, 'AlarmName') or '*'}"),)


def _alarms(facts: Facts) -> Sequence[str]:
    return [facts.arn("cloudwatch", f"alarm:{name}") for name in texts(facts.parameters, "AlarmNames")]


def _described(facts: Facts) -> Sequence[str]:
    """Composite alarms are described by those only who may describe everything (7.1)."""
    if "CompositeAlarm" in texts(facts.parameters, "AlarmTypes"):
        return (EVERYTHING,)
    prefix = text(facts.parameters, "AlarmNamePrefix") or ""
    return _alarms(facts) or (facts.arn("cloudwatch", f"alarm:{prefix}*"),)


def _tagged(facts: Facts) -> Sequence[str]:
    return (text(facts.parameters, "ResourceARN") or EVERYTHING,)


def _keys(facts: Facts, resource: str) -> Context:
    actions = tuple(
        action
        for member in ("AlarmActions", "OKActions", "InsufficientDataActions")
        for action in texts(facts.parameters, member)
    )
    return {**_tag_keys(facts, resource), **({"cloudwatch:alarmactions": actions} if actions else {})}


def _tag_keys(facts: Facts, resource: str) -> Context:
    alarm = facts.world.alarms.get(Arn(resource))
    return {
        **requested_tag_keys(tags(facts.parameters), texts(facts.parameters, "TagKeys")),
        **({} if alarm is None else tag_keys(alarm.tags, "aws:resourcetag")),
    }


def _namespace(facts: Facts, resource: str) -> Context:
    namespace = text(facts.parameters, "Namespace")
    return {} if namespace is None else {"cloudwatch:namespace": (namespace,)}


def _rows(resources: Resources, *operations: str) -> Mapping[str, Row]:
    return {operation: single(f"cloudwatch:{operation}", resources, _tag_keys) for operation in operations}


_TAGS_TOO: Final = Need("cloudwatch:TagResource", _alarm, _tag_keys, when=has("Tags"))
"""IA-6."""

CLOUDWATCH: Final[Mapping[str, Row]] = {
    **_rows(everything, "DescribeAlarmsForMetric", "GetMetricData", "GetMetricStatistics", "ListMetrics"),
    **_rows(_alarm, "DescribeAlarmHistory", "SetAlarmState"),
    **_rows(_alarms, "DeleteAlarms", "DisableAlarmActions", "EnableAlarmActions"),
    **_rows(_described, "DescribeAlarms"),
    **_rows(_tagged, "ListTagsForResource", "TagResource", "UntagResource"),
    "PutCompositeAlarm": Row((Need("cloudwatch:PutCompositeAlarm", _alarm, _keys), _TAGS_TOO)),
    "PutMetricAlarm": Row((Need("cloudwatch:PutMetricAlarm", _alarm, _keys), _TAGS_TOO)),
    "PutMetricData": single("cloudwatch:PutMetricData", keys=_namespace),
}
