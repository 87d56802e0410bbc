"""Every SQS operation that the engine knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import Operation
from stillup.engine.api.sqs.messages import MESSAGE_OPERATIONS
from stillup.engine.api.sqs.move_tasks import MOVE_TASK_OPERATIONS
from stillup.engine.api.sqs.queues import QUEUE_OPERATIONS

SQS_OPERATIONS: Final[Mapping[str, Operation]] = {
    **QUEUE_OPERATIONS,
    **MESSAGE_OPERATIONS,
    **MOVE_TASK_OPERATIONS,
}
