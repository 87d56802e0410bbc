"""The alarm's state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stillup.drill.logbook import Logbook
from stillup.drill.stopwatch import Stopwatch
from stillup.drill.timeline import Watcher

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

PACE_ON_AWS: Final = 2.0
PACE_ON_ENGINE: Final = 0.5
"""Seconds."""


class AlarmWatcher:
    """DescribeAlarms."""

    watcher = Watcher.ALARM

    def __init__(self, cloudwatch: CloudWatchClient, name: str, *, clock: Stopwatch, is_on_aws: bool) -> None:
        self.who = name
        self.pace = clock.pace_of_calls(PACE_ON_AWS if is_on_aws else PACE_ON_ENGINE)
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
