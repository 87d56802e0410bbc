"""Tags of health checks and hosted zones (HC-50)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.rules.changes import HealthCheckPut, ZoneTagsSet
from stillup.rules.health.lifecycle import find, set_tags
from stillup.rules.health.tags import MOST_AT_ONCE, retag
from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from stillup.rules.zones.lifecycle import find_zone
from stillup.wire.aws.messages import AwsError, Output


class _Kind(StrEnum):
    """TagResourceType of the model."""

    HEALTH_CHECK = "healthcheck"
    HOSTED_ZONE = "hostedzone"


async def change_tags_for_resource(ports: ApiPorts, call: Call) -> Output:
    """ChangeTagsForResource: all of it, or nothing."""
    kind, resource_id = _kind(call), call.parameters["ResourceId"]
    add = [(tag.get("Key", ""), tag.get("Value", "")) for tag in call.parameters.get("AddTags") or []]
    remove = list(call.parameters.get("RemoveTagKeys") or [])

    def decide(world: World) -> HealthCheckPut | ZoneTagsSet | Refusal:
        if kind is _Kind.HEALTH_CHECK:
            return set_tags(world, HealthCheckId(resource_id), add=add, remove=remove)
        tags = _tags(world, kind, resource_id)
        changed = tags if isinstance(tags, Refusal) else retag(tags, add=add, remove=remove)
        if isinstance(changed, Refusal):
            return changed
        return ZoneTagsSet(HostedZoneId(resource_id), changed)

    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def list_tags_for_resource(ports: ApiPorts, call: Call) -> Output:
    """ListTagsForResource."""
    return Output(
        {"ResourceTagSet": _tag_set(ports.worlds.current, _kind(call), call.parameters["ResourceId"])}
    )


async def list_tags_for_resources(ports: ApiPorts, call: Call) -> Output:
    """ListTagsForResources: up to ten of one type, in the order of the request."""
    kind, ids = _kind(call), call.parameters["ResourceIds"]
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        raise AwsError(
            "InvalidInput", f"Invalid parameter : ResourceIds must name 1 to {MOST_AT_ONCE} resources."
        )
    world = ports.worlds.current
    return Output({"ResourceTagSets": [_tag_set(world, kind, resource_id) for resource_id in ids]})


TAG_OPERATIONS: Final[Mapping[str, Operation]] = {
    "ChangeTagsForResource": change_tags_for_resource,
    "ListTagsForResource": list_tags_for_resource,
    "ListTagsForResources": list_tags_for_resources,
}


def _kind(call: Call) -> _Kind:
    text = call.parameters["ResourceType"]
    try:
        return _Kind(text)
    except ValueError as unknown:
        raise AwsError(
            "InvalidInput", f"Invalid parameter : there is no resource type {text!r}."
        ) from unknown


def _tags(world: World, kind: _Kind, resource_id: str) -> Mapping[str, str] | Refusal:
    if kind is _Kind.HEALTH_CHECK:
        check = find(world, HealthCheckId(resource_id))
        return check if isinstance(check, Refusal) else check.tags
    zone = find_zone(world.zones, HostedZoneId(resource_id))
    return zone if isinstance(zone, Refusal) else zone.tags


def _tag_set(world: World, kind: _Kind, resource_id: str) -> dict[str, Any]:
    tags = _tags(world, kind, resource_id)
    if isinstance(tags, Refusal):
        raise AwsError(tags.code, tags.message)
    rendered: Sequence[dict[str, str]] = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {"ResourceType": kind.value, "ResourceId": resource_id, "Tags": rendered}
