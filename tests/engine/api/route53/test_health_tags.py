"""Tags of health checks and hosted zones through the API."""

from __future__ import annotations

from typing import Any

import pytest

from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.world import World
from stillup.rules.zones.zone import HostedZone
from stillup.wire.aws.messages import AwsError
from tests.engine.api.route53.health_api import HealthApi

ZONE = HostedZone(HostedZoneId("Z1"), DomainName.from_text("example.com"), "ref", "", (), {})


async def an_api() -> tuple[HealthApi, dict[str, str]]:
    api = HealthApi(world=World(zones={ZONE.id: ZONE}))
    return api, {"hostedzone": "Z1", "healthcheck": await api.create()}


def tags(**spelled: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in spelled.items()]


@pytest.mark.parametrize("kind", ["healthcheck", "hostedzone"])
async def test_tags_are_added_changed_removed_and_listed(kind: str) -> None:
    """HC-50."""
    api, ids = await an_api()
    resource = {"ResourceType": kind, "ResourceId": ids[kind]}
    await api.call("ChangeTagsForResource", **resource, AddTags=tags(Name="web", team="a"))
    await api.call("ChangeTagsForResource", **resource, AddTags=tags(team="b"), RemoveTagKeys=["Name"])

    listed = await api.call("ListTagsForResource", **resource)
    several = await api.call("ListTagsForResources", ResourceType=kind, ResourceIds=[ids[kind]])

    assert listed["ResourceTagSet"] == {**resource, "Tags": tags(team="b")}
    assert several["ResourceTagSets"] == [listed["ResourceTagSet"]]


@pytest.mark.parametrize(
    ("kind", "code", "message"),
    [
        ("healthcheck", "NoSuchHealthCheck", "A health check with id nobody does not exist."),
        ("hostedzone", "NoSuchHostedZone", "No hosted zone found with ID: nobody"),
        ("bucket", "InvalidInput", "Invalid parameter : there is no resource type 'bucket'."),
    ],
)
@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("ChangeTagsForResource", {"ResourceId": "nobody", "AddTags": tags(a="b")}),
        ("ListTagsForResource", {"ResourceId": "nobody"}),
        ("ListTagsForResources", {"ResourceIds": ["nobody"]}),
    ],
)
async def test_an_unknown_resource_is_not_found(
    operation: str, parameters: dict[str, Any], kind: str, code: str, message: str
) -> None:
    api, _ = await an_api()
    with pytest.raises(AwsError) as refusal:
        await api.call(operation, ResourceType=kind, **parameters)
    assert (refusal.value.code, refusal.value.message) == (code, message)


async def test_a_bad_refinement_changes_nothing() -> None:
    """Decision 5."""
    api, ids = await an_api()
    before = api.worlds.current
    with pytest.raises(AwsError) as refusal:
        await api.call(
            "ChangeTagsForResource",
            ResourceType="healthcheck",
            ResourceId=ids["healthcheck"],
            AddTags=[{"Key": "Name", "Value": "web"}, {"Key": "stillup:interval", "Value": "0s"}],
        )
    assert refusal.value.code == "InvalidInput"
    assert "stillup:interval" in refusal.value.message
    assert api.worlds.current is before


async def test_setting_the_latch_anew_releases_it() -> None:
    api, ids = await an_api()
    check_id = HealthCheckId(ids["healthcheck"])
    for generation in (1, 2):
        await api.call(
            "ChangeTagsForResource",
            ResourceType="healthcheck",
            ResourceId=check_id,
            AddTags=[{"Key": "stillup:latch", "Value": "true"}],
        )
        assert api.worlds.current.health_checks[check_id].latch_generation == generation


@pytest.mark.parametrize("ids", [[], ["x"] * 11])
async def test_one_to_ten_resources_are_listed_at_once(ids: list[str]) -> None:
    with pytest.raises(AwsError, match="InvalidInput"):
        await HealthApi().call("ListTagsForResources", ResourceType="healthcheck", ResourceIds=ids)
