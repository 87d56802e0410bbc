"""Every CloudWatch operation that the engine knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import Operation
from stillup.engine.api.cloudwatch.alarms import ALARM_OPERATIONS
from stillup.engine.api.cloudwatch.describing import DESCRIBING_OPERATIONS
from stillup.engine.api.cloudwatch.history import HISTORY_OPERATIONS
from stillup.engine.api.cloudwatch.metric_data import METRIC_OPERATIONS
from stillup.engine.api.cloudwatch.metric_queries import QUERY_OPERATIONS
from stillup.engine.api.cloudwatch.metric_statistics import STATISTICS_OPERATIONS
from stillup.engine.api.cloudwatch.states import STATE_OPERATIONS
from stillup.engine.api.cloudwatch.tags import TAG_OPERATIONS

CLOUDWATCH_OPERATIONS: Final[Mapping[str, Operation]] = {
    **ALARM_OPERATIONS,
    **DESCRIBING_OPERATIONS,
    **HISTORY_OPERATIONS,
    **STATE_OPERATIONS,
    **METRIC_OPERATIONS,
    **QUERY_OPERATIONS,
    **STATISTICS_OPERATIONS,
    **TAG_OPERATIONS,
}
