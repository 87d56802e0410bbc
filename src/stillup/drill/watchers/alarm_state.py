"""The alarm's state, and what became of the messages that it sent."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from stillup.drill.logbook import Logbook
from stillup.drill.stopwatch import Stopwatch
from stillup.drill.timeline import Watcher

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

PACE_ON_AWS: Final = 2.0
PACE_ON_ENGINE: Final = 0.5
"""Seconds."""
SENT: Final = "sent"
"""CloudWatch has handed the message over: `sent ALARM`, `sent OK`."""
_NEW_STATE: Final = re.compile(r"NewStateValue\W+(OK|ALARM|INSUFFICIENT_DATA)")
"""In the published message, which is JSON within JSON within JSON."""


class AlarmWatcher:
    """DescribeAlarms."""

    watcher = Watcher.ALARM

    def __init__(self, cloudwatch: CloudWatchClient, name: str, *, clock: Stopwatch, is_on_aws: bool) -> None:
        self.who = name
        self.pace = clock.pace(PACE_ON_AWS if is_on_aws else PACE_ON_ENGINE)
        self._cloudwatch = cloudwatch

    def look(self, logbook: Logbook) -> None:
        """Read the state once."""
        found = self._cloudwatch.describe_alarms(AlarmNames=[self.who], AlarmTypes=["MetricAlarm"])
        for alarm in found["MetricAlarms"]:
            state = alarm["StateValue"]
            is_primary = {"OK": True, "ALARM": False}.get(state)
            logbook.note(
                Watcher.ALARM, self.who, state, is_primary=is_primary, detail=alarm.get("StateReason", "")
            )

    def close(self) -> None:
        """Holds nothing."""


class MessageWatcher:
    """The alarm's history of actions (of a topic: `publishedMessage`): that a message was handed to the topic, or that it could not be."""

    watcher = Watcher.MESSAGE

    def __init__(self, cloudwatch: CloudWatchClient, name: str, *, clock: Stopwatch, is_on_aws: bool) -> None:
        self.who = name
        self.pace = clock.pace(PACE_ON_AWS if is_on_aws else PACE_ON_ENGINE)
        self._cloudwatch = cloudwatch
        self._told: set[str] | None = None

    def look(self, logbook: Logbook) -> None:
        """Read the history once, oldest first. What was there at the first look is from before the drill."""
        found = self._cloudwatch.describe_alarm_history(
            AlarmName=self.who, HistoryItemType="Action", ScanBy="TimestampDescending", MaxRecords=20
        )["AlarmHistoryItems"]
        items = {f"{each['Timestamp']} {each['HistoryData']}": each for each in reversed(found)}
        before, self._told = self._told, set(items)
        if before is None:
            return
        for key, item in items.items():
            if key in before:
                continue
            data = json.loads(item["HistoryData"])
            found_state = _NEW_STATE.search(item["HistoryData"])
            state = found_state[1] if found_state else ""
            is_sent = data.get("actionState") == "Succeeded"
            logbook.note(
                Watcher.MESSAGE,
                self.who,
                f"{SENT if is_sent else 'not sent'} {state}",
                is_primary=state == "OK",
                detail=item.get("HistorySummary", ""),
            )

    def close(self) -> None:
        """Holds nothing."""
