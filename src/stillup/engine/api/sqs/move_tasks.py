"""Redriving dead letters: each is delivered again from its first attempt on."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.sqs.memory import REMEMBERED_TASKS, MoveTask
from stillup.engine.api.sqs.queue import letters, queue_arn
from stillup.wire.aws.messages import AwsError, Output


async def start_message_move_task(ports: ApiPorts, call: Call) -> Output:
    """StartMessageMoveTask: all dead letters of the Region go back to where they came from, at once."""
    source = _source(ports, call)
    if call.parameters.get("DestinationArn") is not None:
        raise AwsError(
            "InvalidParameterValue",
            "Value for parameter DestinationArn is invalid. Reason: dead letters go back to their subscriptions.",
        )
    started = ports.clock.now()
    moved = await ports.dead_letters.redrive([letter.id async for letter in letters(ports, call)])
    handle = b64encode(ports.die.octets(24)).decode()
    ports.queues.remember(MoveTask(handle, source, moved, started))
    return Output({"TaskHandle": handle})


async def list_message_move_tasks(ports: ApiPorts, call: Call) -> Output:
    """ListMessageMoveTasks: the newest of the Region since the engine started, by default one."""
    source = _source(ports, call)
    most = min(call.parameters.get("MaxResults") or 1, REMEMBERED_TASKS)
    results = [
        {
            "Status": "COMPLETED",
            "SourceArn": task.source,
            "ApproximateNumberOfMessagesMoved": task.moved,
            "ApproximateNumberOfMessagesToMove": task.moved,
            "StartedTimestamp": int(task.started_at * 1000),
        }
        for task in ports.queues.tasks(source)[:most]
    ]
    return Output({"Results": results})


def _source(ports: ApiPorts, call: Call) -> str:
    source = str(call.parameters["SourceArn"])
    if source != queue_arn(ports, call):
        raise AwsError(
            "ResourceNotFoundException",
            "The resource that you specified for the SourceArn parameter doesn't exist.",
        )
    return source


MOVE_TASK_OPERATIONS: Final[Mapping[str, Operation]] = {
    "StartMessageMoveTask": start_message_move_task,
    "ListMessageMoveTasks": list_message_move_tasks,
}
