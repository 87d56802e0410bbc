"""The states of alarms, and their history as far back as it goes (CW-10)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from stillup.plan.chain.seen import ActionTaken, AlarmSeen, StateChange
from stillup.plan.setup import Alarm
from stillup.provision.account import HASTY, Account
from stillup.provision.api_errors import API_ERRORS
from stillup.provision.standing.unknown import Unknown

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

_CHANGE: Final = re.compile(r"from (\w+) to (\w+)")
_TARGET: Final = re.compile(r"action (arn:\S+?)\.?(?:\s|$)")
_NEWEST: Final = 20
"""Lines of history."""


def read_alarm_states(account: Account, alarms: Sequence[Alarm], unknown: Unknown) -> dict[str, AlarmSeen]:
    """The alarms that there still are, by name."""
    found: dict[str, AlarmSeen] = {}
    for region in sorted({each.region for each in alarms}):
        names = [each.name for each in alarms if each.region == region]
        cloudwatch = account.cloudwatch(region, HASTY)
        try:
            listed = cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"]
        except API_ERRORS as error:
            unknown.add("the state of the alarms", error)
            continue
        for each in listed:
            found[each["AlarmName"]] = _seen(each, _history(cloudwatch, each["AlarmName"], unknown))
    return found


def _seen(listed: Mapping[str, Any], history: Sequence[Mapping[str, Any]]) -> AlarmSeen:
    changes = tuple(
        StateChange(each["Timestamp"].timestamp(), found[1], found[2])
        for each in history
        if each["HistoryItemType"] == "StateUpdate" and (found := _CHANGE.search(each["HistorySummary"]))
    )
    since = listed.get("StateTransitionedTimestamp") or listed.get("StateUpdatedTimestamp")
    return AlarmSeen(
        state=listed["StateValue"],
        reason=listed.get("StateReason", ""),
        since=changes[0].at if changes else None if since is None else since.timestamp(),
        changes=changes,
        actions=tuple(_action(each) for each in history if each["HistoryItemType"] == "Action"),
    )


def _history(cloudwatch: CloudWatchClient, name: str, unknown: Unknown) -> list[Mapping[str, Any]]:
    try:
        items = cloudwatch.describe_alarm_history(AlarmName=name, MaxRecords=_NEWEST)["AlarmHistoryItems"]
    except API_ERRORS as error:
        unknown.add(f"the history of alarm {name}", error)
        return []
    return sorted(items, key=lambda each: each["Timestamp"], reverse=True)


def _action(item: Mapping[str, Any]) -> ActionTaken:
    summary = item["HistorySummary"]
    try:
        target = json.loads(item.get("HistoryData") or "{}").get("notificationResource")
    except ValueError:
        target = None
    named = _TARGET.search(summary)
    return ActionTaken(
        at=item["Timestamp"].timestamp(),
        target=target or (named[1] if named else summary),
        succeeded=summary.startswith("Successfully"),
        summary=summary,
    )
