"""The alarm's messages: handed to the topic, and, where that can be told, delivered to its subscribers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from stillup.drill.logbook import Logbook
from stillup.drill.stopwatch import Stopwatch
from stillup.drill.timeline import Watcher
from stillup.drill.watchers.alarm_state import PACE_ON_AWS, PACE_ON_ENGINE
from stillup.drill.watchers.deliveries import SIDES, Deliveries, HandOver

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import AlarmHistoryItemTypeDef

SENT: Final = "sent"
"""CloudWatch has handed the message over: `sent ALARM`, `sent OK`."""
_NEW_STATE: Final = re.compile(r"NewStateValue\W+(OK|ALARM|INSUFFICIENT_DATA)")
"""In the published message, which is JSON within JSON within JSON."""


class MessageWatcher:
    """The alarm's history of actions (of a topic: `publishedMessage`), then the figures of the topic's deliveries."""

    watcher = Watcher.MESSAGE

    def __init__(
        self,
        cloudwatch: CloudWatchClient,
        name: str,
        deliveries: Deliveries,
        *,
        clock: Stopwatch,
        is_on_aws: bool,
    ) -> None:
        self.who = name
        self.pace = clock.pace_of_calls(PACE_ON_AWS if is_on_aws else PACE_ON_ENGINE)
        self._cloudwatch = cloudwatch
        self._deliveries = deliveries
        self._told: set[str] | None = None
        self._last: _Action | None = None

    def look(self, logbook: Logbook) -> None:
        """Read the history once, oldest first. What was there at the first look is from before the drill."""
        found = self._cloudwatch.describe_alarm_history(
            AlarmName=self.who, HistoryItemType="Action", ScanBy="TimestampDescending", MaxRecords=20
        )["AlarmHistoryItems"]
        items = {f"{each['Timestamp']} {each['HistoryData']}": each for each in reversed(found)}
        before, self._told = self._told, set(items)
        self._deliveries.begin(logbook)
        for key, item in items.items():
            if before is not None and key not in before:
                self._last = _Action.read(item)
                self._enter(self._last, logbook)
        if self._last is not None:
            # Said again, should a look that failed have been entered since.
            self._note(self._last, logbook)
        self._deliveries.look(logbook)

    def close(self) -> None:
        """Holds nothing."""

    def _enter(self, action: _Action, logbook: Logbook) -> None:
        if action.is_sent:
            # Before the hand-over is entered: whoever waits for that finds that somebody is to be waited for.
            self._deliveries.hand_over(action.topic_arn, HandOver(action.state, action.at), logbook)
        self._note(action, logbook)

    def _note(self, action: _Action, logbook: Logbook) -> None:
        logbook.note(
            Watcher.MESSAGE,
            self.who,
            f"{SENT if action.is_sent else 'not sent'} {action.state}",
            is_primary=SIDES.get(action.state) if action.is_sent else None,
            detail=action.summary,
        )


@dataclass(frozen=True, slots=True)
class _Action:
    state: str
    is_sent: bool
    topic_arn: str
    at: datetime
    summary: str

    @classmethod
    def read(cls, item: AlarmHistoryItemTypeDef) -> _Action:
        data = json.loads(item["HistoryData"])
        found = _NEW_STATE.search(item["HistoryData"])
        return cls(
            state=found[1] if found else "",
            is_sent=data.get("actionState") == "Succeeded",
            topic_arn=data.get("notificationResource", ""),
            at=item["Timestamp"].astimezone(UTC),
            summary=item.get("HistorySummary", ""),
        )
