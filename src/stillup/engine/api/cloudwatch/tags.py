"""Tags of alarms, which are all that can be tagged here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.cloudwatch.members import tags_in
from stillup.rules.alarms.configure import tag_alarm
from stillup.rules.ids import Arn
from stillup.wire.aws.messages import AwsError, Output


async def tag_resource(ports: ApiPorts, call: Call) -> Output:
    """TagResource."""
    decide = partial(tag_alarm, arn=_arn_here(call), add=tags_in(call.parameters["Tags"]))
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def untag_resource(ports: ApiPorts, call: Call) -> Output:
    """UntagResource."""
    decide = partial(tag_alarm, arn=_arn_here(call), remove=call.parameters["TagKeys"])
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def list_tags_for_resource(ports: ApiPorts, call: Call) -> Output:
    """ListTagsForResource."""
    alarm = ports.worlds.current.alarms.get(_arn_here(call))
    if alarm is None:
        raise _unknown()
    return Output({"Tags": [{"Key": key, "Value": value} for key, value in alarm.tags.items()]})


TAG_OPERATIONS: Final[Mapping[str, Operation]] = {
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags_for_resource,
}


def _arn_here(call: Call) -> Arn:
    """The ARN that the call names. Raises AwsError ResourceNotFoundException for those of other Regions."""
    arn: str = call.parameters["ResourceARN"]
    if arn.split(":")[3:4] != [call.region]:
        raise _unknown()
    return Arn(arn)


def _unknown() -> AwsError:
    return AwsError("ResourceNotFoundException", "Unknown")
