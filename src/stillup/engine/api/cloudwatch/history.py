"""DescribeAlarmHistory: what happened to alarms, also to those that are gone (CW-10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any, Final, NamedTuple

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.cloudwatch.describing import DEFAULT_PAGE, METRIC, type_of
from stillup.engine.api.cloudwatch.members import instant, raise_if_given
from stillup.engine.api.cloudwatch.paging import position_in, token_for
from stillup.rules.alarms.alarm import HISTORY_KEPT, HistoryItem
from stillup.rules.ids import Instant
from stillup.wire.aws.messages import Output


class _Position(NamedTuple):
    """Where a page ended: the time of its last item, and how many of that time have been told."""

    at: Instant
    told: int


async def describe_alarm_history(ports: ApiPorts, call: Call) -> Output:
    """DescribeAlarmHistory: of metric alarms unless AlarmTypes says otherwise, newest first unless ScanBy does."""
    raise_if_given(call, "AlarmContributorId")
    asked = call.parameters
    kept_since = ports.clock.now() - HISTORY_KEPT
    items = await ports.history.read(
        call.region,
        start=max(kept_since, instant(asked["StartDate"])) if "StartDate" in asked else kept_since,
        end=instant(asked["EndDate"]) if "EndDate" in asked else inf,
    )
    is_ascending = asked.get("ScanBy") == "TimestampAscending"
    found = [item for item in (reversed(items) if is_ascending else items) if _is_asked_for(asked, item)]
    position = position_in(asked, _Position)
    following = found if position is None else _after(found, position, is_ascending=is_ascending)
    size = asked.get("MaxRecords", DEFAULT_PAGE)
    shown = following[:size]
    more = {"NextToken": token_for(_end_of(shown, position))} if len(following) > size else {}
    return Output({"AlarmHistoryItems": [_render(item) for item in shown], **more})


HISTORY_OPERATIONS: Final[Mapping[str, Operation]] = {"DescribeAlarmHistory": describe_alarm_history}


def _is_asked_for(asked: Mapping[str, Any], item: HistoryItem) -> bool:
    return (
        type_of(is_composite=item.is_composite) in (asked.get("AlarmTypes") or (METRIC,))
        and item.alarm_name == asked.get("AlarmName", item.alarm_name)
        and item.type == asked.get("HistoryItemType", item.type)
    )


def _after(items: Sequence[HistoryItem], position: _Position, *, is_ascending: bool) -> Sequence[HistoryItem]:
    same = [item for item in items if item.at == position.at]
    beyond = [item for item in items if item.at != position.at and (item.at > position.at) is is_ascending]
    return [*same[position.told :], *beyond]


def _end_of(shown: Sequence[HistoryItem], before: _Position | None) -> _Position:
    at = shown[-1].at
    told = before.told if before is not None and before.at == at else 0
    return _Position(at, told + sum(item.at == at for item in shown))


def _render(item: HistoryItem) -> dict[str, Any]:
    return {
        "AlarmName": item.alarm_name,
        "AlarmType": type_of(is_composite=item.is_composite),
        "Timestamp": item.at,
        "HistoryItemType": item.type.value,
        "HistorySummary": item.summary,
        "HistoryData": item.data,
    }
