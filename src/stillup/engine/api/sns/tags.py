"""Tags of topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.sns.errors import or_raise
from stillup.rules.changes import TopicPut
from stillup.rules.refusal import Refusal
from stillup.rules.topics.lifecycle import find_resource, set_tags
from stillup.rules.world import World
from stillup.wire.aws.messages import Output


async def tag_resource(ports: ApiPorts, call: Call) -> Output:
    """TagResource: all of the tags, or none."""
    add = [(tag["Key"], tag["Value"]) for tag in call.parameters["Tags"]]
    return await _retag(ports, call, add=add, remove=[])


async def untag_resource(ports: ApiPorts, call: Call) -> Output:
    """UntagResource: keys that are not there are removed with success."""
    return await _retag(ports, call, add=[], remove=list(call.parameters["TagKeys"]))


async def list_tags_for_resource(ports: ApiPorts, call: Call) -> Output:
    """ListTagsForResource."""
    topic = or_raise(find_resource(ports.worlds.current, call.parameters["ResourceArn"], region=call.region))
    return Output({"Tags": [{"Key": key, "Value": value} for key, value in topic.tags.items()]})


TAG_OPERATIONS: Final[Mapping[str, Operation]] = {
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags_for_resource,
}


async def _retag(ports: ApiPorts, call: Call, *, add: list[tuple[str, str]], remove: list[str]) -> Output:
    def decide(world: World) -> TopicPut | Refusal:
        return set_tags(world, call.parameters["ResourceArn"], region=call.region, add=add, remove=remove)

    committed_or_raise(await ports.worlds.commit(decide))
    return Output()
