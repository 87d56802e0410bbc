"""SQS's operations on messages: here, deliveries that were given up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.sqs.letters import rendered
from stillup.engine.api.sqs.queue import api_url, letters, raise_if_no_queue
from stillup.engine.ports import DeadLetter
from stillup.wire.aws.messages import AwsError, Output

VISIBILITY_TIMEOUT: Final = 30
"""Seconds for which a received message is kept from other receivers, unless the call says otherwise."""
_MOST: Final = 10
_LONGEST_TIMEOUT: Final = 43_200
_LONGEST_WAIT: Final = 20


async def receive_message(ports: ApiPorts, call: Call) -> Output:
    """ReceiveMessage: up to ten dead letters that nobody else is looking at, in the order of their ids.

    With WaitTimeSeconds it looks once a second until there is one.
    """
    raise_if_no_queue(call)
    most = _number(call, "MaxNumberOfMessages", 1, low=1, high=_MOST)
    timeout = _number(call, "VisibilityTimeout", VISIBILITY_TIMEOUT, low=0, high=_LONGEST_TIMEOUT)
    wait = _number(call, "WaitTimeSeconds", 0, low=0, high=_LONGEST_WAIT)
    found = await _received(ports, call, most, timeout)
    while not found and wait > 0:
        await ports.clock.sleep(1.0)
        wait -= 1
        found = await _received(ports, call, most, timeout)
    asked = call.parameters
    messages = [
        rendered(
            letter,
            api_url=api_url(call),
            attributes=asked.get("MessageAttributeNames") or (),
            system=[*(asked.get("AttributeNames") or ()), *(asked.get("MessageSystemAttributeNames") or ())],
        )
        for letter in found
    ]
    return Output({"Messages": messages} if messages else {})


async def _received(ports: ApiPorts, call: Call, most: int, timeout: int) -> list[DeadLetter]:
    """Each is hidden as it is found: while more are read, others receive too."""
    found: list[DeadLetter] = []
    async for letter in letters(ports, call):
        now = ports.clock.now()
        if not ports.queues.is_hidden(letter.id, now=now):
            ports.queues.hide([letter.id], now + timeout, now=now)
            found.append(letter)
        if len(found) == most:
            break
    return found


def _number(call: Call, name: str, default: int, *, low: int, high: int) -> int:
    given = call.parameters.get(name)
    value = default if given is None else int(given)
    if not low <= value <= high:
        raise AwsError(
            "InvalidParameterValue",
            f"Value {value} for parameter {name} is invalid. Reason: Must be between {low} and {high}, if provided.",
        )
    return value


async def change_message_visibility(ports: ApiPorts, call: Call) -> Output:
    """ChangeMessageVisibility: keep a received message longer, or give it back at once."""
    raise_if_no_queue(call)
    timeout = _number(call, "VisibilityTimeout", 0, low=0, high=_LONGEST_TIMEOUT)
    handle, now = call.parameters["ReceiptHandle"], ports.clock.now()
    if not ports.queues.is_hidden(handle, now=now):
        raise AwsError("MessageNotInflight", "The specified message isn't in flight.")
    ports.queues.hide([handle], now + timeout, now=now)
    return Output()


async def delete_message(ports: ApiPorts, call: Call) -> Output:
    """DeleteMessage: the delivery is given up for good."""
    raise_if_no_queue(call)
    await ports.dead_letters.discard([call.parameters["ReceiptHandle"]])
    return Output()


async def delete_message_batch(ports: ApiPorts, call: Call) -> Output:
    """DeleteMessageBatch: up to ten."""
    raise_if_no_queue(call)
    entries: list[Mapping[str, Any]] = call.parameters["Entries"]
    ids = [entry["Id"] for entry in entries]
    if not ids:
        raise AwsError("EmptyBatchRequest", "There should be at least one DeleteMessageBatchRequestEntry.")
    if len(ids) > _MOST:
        raise AwsError(
            "TooManyEntriesInBatchRequest",
            f"Maximum number of entries per request are {_MOST}. You have sent {len(ids)}.",
        )
    if len(set(ids)) < len(ids):
        raise AwsError("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.")
    await ports.dead_letters.discard([entry["ReceiptHandle"] for entry in entries])
    return Output({"Successful": [{"Id": each} for each in ids], "Failed": []})


async def purge_queue(ports: ApiPorts, call: Call) -> Output:
    """PurgeQueue: all dead letters of the Region are forgotten."""
    raise_if_no_queue(call)
    await ports.dead_letters.discard([letter.id async for letter in letters(ports, call)])
    return Output()


MESSAGE_OPERATIONS: Final[Mapping[str, Operation]] = {
    "ReceiveMessage": receive_message,
    "ChangeMessageVisibility": change_message_visibility,
    "DeleteMessage": delete_message,
    "DeleteMessageBatch": delete_message_batch,
    "PurgeQueue": purge_queue,
}
