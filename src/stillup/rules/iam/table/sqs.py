"""SQS, of which there is the dead-letter queue: batches need what single messages need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from stillup.rules.iam.table.row import EVERYTHING, Facts, Need, Resources, Row, everything, single, text

_MOVES: Final = ("StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
"""What moving messages out of a queue needs on that queue (SQS developer guide, StartMessageMoveTask)."""


def _queue(facts: Facts) -> Sequence[str]:
    url = text(facts.parameters, "QueueUrl")
    name = text(facts.parameters, "QueueName") if url is None else url.rpartition("/")[2]
    return (facts.arn("sqs", name),) if name else ()


def _source(facts: Facts) -> Sequence[str]:
    return (text(facts.parameters, "SourceArn") or EVERYTHING,)


def _rows(resources: Resources, *operations: str) -> Mapping[str, Row]:
    return {
        operation: single(f"sqs:{operation.removesuffix('Batch')}", resources) for operation in operations
    }


SQS: Final[Mapping[str, Row]] = {
    **_rows(everything, "ListQueues"),
    **_rows(
        _queue,
        "ChangeMessageVisibility",
        "DeleteMessage",
        "DeleteMessageBatch",
        "GetQueueAttributes",
        "GetQueueUrl",
        "PurgeQueue",
        "ReceiveMessage",
    ),
    **_rows(_source, "ListMessageMoveTasks"),
    "StartMessageMoveTask": Row(tuple(Need(f"sqs:{action}", _source) for action in _MOVES)),
}
