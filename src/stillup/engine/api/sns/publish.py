"""Publish and PublishBatch (SN-5).

A publication is on disk when it is acknowledged, and the outbox has it with that; who gets it is worked out there,
so that a call costs the same with one subscriber and with ten thousand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.sns.errors import or_raise
from stillup.engine.uuids import new_message_id
from stillup.rules.changes import MessagesPublished
from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.rules.topics.lifecycle import find_topic
from stillup.rules.topics.message import Message
from stillup.rules.topics.publishing import GivenAttribute, Publication, check_batch, compose, octets_of
from stillup.rules.world import World
from stillup.wire.aws.messages import AwsError, Output


async def publish(ports: ApiPorts, call: Call) -> Output:
    """Publish to a topic; phones and mobile endpoints are refused."""
    message = _composed(ports, _target(call.parameters), call.parameters)
    await _commit(ports, call, (message,))
    return Output({"MessageId": message.id})


async def publish_batch(ports: ApiPorts, call: Call) -> Output:
    """PublishBatch: up to ten messages, all of them or none."""
    entries = call.parameters["PublishBatchRequestEntries"]
    octets = sum(octets_of(_publication(entry)) for entry in entries)
    or_raise(check_batch([entry["Id"] for entry in entries], octets))
    messages = tuple(_composed(ports, call.parameters["TopicArn"], entry) for entry in entries)
    await _commit(ports, call, messages)
    successful = [
        {"Id": entry["Id"], "MessageId": message.id} for entry, message in zip(entries, messages, strict=True)
    ]
    return Output({"Successful": successful, "Failed": []})


PUBLISH_OPERATIONS: Final[Mapping[str, Operation]] = {"Publish": publish, "PublishBatch": publish_batch}


def _target(parameters: Mapping[str, Any]) -> str:
    if parameters.get("PhoneNumber") is not None:
        raise AwsError("InvalidParameter", "Invalid parameter: PhoneNumber Reason: SMS is not supported")
    target = parameters.get("TargetArn") or ""
    if ":endpoint/" in target:
        raise AwsError(
            "InvalidParameter",
            "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified",
        )
    if parameters.get("TopicArn") is None and not target:
        raise AwsError(
            "InvalidParameter",
            "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
        )
    return str(parameters["TopicArn"] if parameters.get("TopicArn") is not None else target)


def _composed(ports: ApiPorts, topic_arn: str, given: Mapping[str, Any]) -> Message:
    if given.get("MessageDeduplicationId") is not None:
        raise AwsError(
            "InvalidParameter",
            "Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId "
            "parameter that is not valid for this topic type",
        )
    return or_raise(
        compose(
            _publication(given),
            message_id=new_message_id(ports.die),
            topic_arn=Arn(topic_arn),
            now=ports.clock.now(),
        )
    )


def _publication(given: Mapping[str, Any]) -> Publication:
    attributes = {
        name: GivenAttribute(each.get("DataType", ""), each.get("StringValue"), each.get("BinaryValue"))
        for name, each in (given.get("MessageAttributes") or {}).items()
    }
    return Publication(given["Message"], given.get("Subject"), given.get("MessageStructure"), attributes)


async def _commit(ports: ApiPorts, call: Call, messages: tuple[Message, ...]) -> None:
    def decide(world: World) -> MessagesPublished | Refusal:
        topic = find_topic(world, messages[0].topic_arn, region=call.region)
        return topic if isinstance(topic, Refusal) else MessagesPublished(messages)

    committed_or_raise(await ports.worlds.commit(decide))
