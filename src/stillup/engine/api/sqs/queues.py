"""SQS's operations on queues, of which there is one in each Region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.sqs.messages import VISIBILITY_TIMEOUT
from stillup.engine.api.sqs.queue import letters, no_queue, queue_arn, queue_url, raise_if_no_queue
from stillup.rules.topics.attributes import DEAD_LETTER_QUEUE
from stillup.wire.aws.messages import AwsError, Output


async def list_queues(ports: ApiPorts, call: Call) -> Output:
    """ListQueues: the one, unless another prefix was asked for."""
    prefix = call.parameters.get("QueueNamePrefix") or ""
    return Output({"QueueUrls": [queue_url(ports, call)]} if DEAD_LETTER_QUEUE.startswith(prefix) else {})


async def get_queue_url(ports: ApiPorts, call: Call) -> Output:
    """GetQueueUrl."""
    owner = call.parameters.get("QueueOwnerAWSAccountId") or ports.settings.account_id
    if call.parameters["QueueName"] != DEAD_LETTER_QUEUE or owner != ports.settings.account_id:
        raise no_queue()
    return Output({"QueueUrl": queue_url(ports, call)})


async def get_queue_attributes(ports: ApiPorts, call: Call) -> Output:
    """GetQueueAttributes: those that mean something here. Messages are kept until somebody deletes them."""
    raise_if_no_queue(call)
    now = ports.clock.now()
    hidden = [ports.queues.is_hidden(letter.id, now=now) async for letter in letters(ports, call)]
    attributes = {
        "QueueArn": queue_arn(ports, call),
        "ApproximateNumberOfMessages": str(hidden.count(False)),
        "ApproximateNumberOfMessagesNotVisible": str(hidden.count(True)),
        "ApproximateNumberOfMessagesDelayed": "0",
        "VisibilityTimeout": str(VISIBILITY_TIMEOUT),
        "ReceiveMessageWaitTimeSeconds": "0",
        "DelaySeconds": "0",
    }
    asked = set(call.parameters.get("AttributeNames") or ())
    unknown = asked - _ATTRIBUTES
    if unknown:
        raise AwsError("InvalidAttributeName", f"Unknown Attribute {min(unknown)}.")
    shown = {name: value for name, value in attributes.items() if asked & {"All", name}}
    return Output({"Attributes": shown} if shown else {})


_ATTRIBUTES: Final = frozenset(
    {
        *("All", "Policy", "VisibilityTimeout", "MaximumMessageSize", "MessageRetentionPeriod"),
        *("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "CreatedTimestamp"),
        *("LastModifiedTimestamp", "QueueArn", "ApproximateNumberOfMessagesDelayed", "DelaySeconds"),
        *("ReceiveMessageWaitTimeSeconds", "RedrivePolicy", "FifoQueue", "ContentBasedDeduplication"),
        *("KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "DeduplicationScope", "FifoThroughputLimit"),
        *("RedriveAllowPolicy", "SqsManagedSseEnabled"),
    }
)
"""All that SQS knows."""

QUEUE_OPERATIONS: Final[Mapping[str, Operation]] = {
    "ListQueues": list_queues,
    "GetQueueUrl": get_queue_url,
    "GetQueueAttributes": get_queue_attributes,
}
