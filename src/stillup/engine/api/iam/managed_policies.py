"""IAM's operations on managed policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.iam.members import render_policy, render_tags
from stillup.engine.api.iam.paging import page, page_of_tags
from stillup.engine.api.iam.subjects import found_or_raise, policy_arn_of, tags_in
from stillup.rules.iam import policies as rules
from stillup.rules.iam.identity import ManagedPolicy
from stillup.rules.iam.names import ID_OCTETS, policy_arn, policy_id
from stillup.rules.ids import Arn
from stillup.rules.world import World
from stillup.wire.aws.messages import Output


async def create_policy(ports: ApiPorts, call: Call) -> Output:
    """CreatePolicy."""
    asked = call.parameters
    account, name, path = ports.settings.account_id, asked["PolicyName"], asked.get("Path", "/")
    committed = committed_or_raise(
        await ports.worlds.commit(
            partial(
                rules.create_policy,
                account_id=account,
                policy_id=policy_id(ports.die.octets(ID_OCTETS)),
                name=name,
                path=path,
                document=asked["PolicyDocument"],
                description=asked.get("Description"),
                tags=tags_in(asked),
                now=ports.clock.now(),
            )
        )
    )
    policy = committed.world.policies[policy_arn(account, path, name)]
    tags = {"Tags": render_tags(policy.tags)} if policy.tags else {}
    return Output({"Policy": render_policy(policy, attachments=0) | tags})


async def get_policy(ports: ApiPorts, call: Call) -> Output:
    """GetPolicy: the only answer that has the description, and tags even where there are none."""
    world = ports.worlds.current
    policy = found_or_raise(rules.get_policy(world, policy_arn_of(call)))
    shown = render_policy(policy, attachments=len(rules.users_with(world, policy.arn)))
    described = {} if policy.description is None else {"Description": policy.description}
    return Output({"Policy": shown | described | {"Tags": render_tags(policy.tags)}})


async def list_policies(ports: ApiPorts, call: Call) -> Output:
    """ListPolicies, by name: of one path or of all, attached or not.

    There are none of AWS's own (Scope=AWS), and none that serve as permissions boundaries.
    """
    world = ports.worlds.current
    attachments = _attachments(world)

    def render(policy: ManagedPolicy) -> dict[str, Any]:
        return render_policy(policy, attachments=attachments[policy.arn])

    listed = [policy for policy in world.policies.values() if _is_listed(call, policy, attachments)]
    return Output(page(call, "Policies", listed, key=lambda policy: policy.name, render=render))


async def delete_policy(ports: ApiPorts, call: Call) -> Output:
    """DeletePolicy: of one that is attached to nobody and has one version."""
    decide = partial(rules.delete_policy, arn=policy_arn_of(call))
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def list_entities_for_policy(ports: ApiPorts, call: Call) -> Output:
    """ListEntitiesForPolicy: users, since there are no groups and no roles."""
    world, asked = ports.worlds.current, call.parameters
    policy = found_or_raise(rules.find_policy(world, policy_arn_of(call)))
    wanted = asked.get("EntityFilter", "User") == "User" and not _asks_for_boundaries(call)
    users = [
        user
        for user in rules.users_with(world, policy.arn)
        if wanted and user.path.startswith(asked.get("PathPrefix", "/"))
    ]
    paged = page(
        call,
        "PolicyUsers",
        users,
        key=lambda user: user.name,
        render=lambda user: {"UserName": user.name, "UserId": user.id},
    )
    return Output(paged | {"PolicyGroups": [], "PolicyRoles": []})


async def tag_policy(ports: ApiPorts, call: Call) -> Output:
    """TagPolicy."""
    decide = partial(rules.tag_policy, arn=policy_arn_of(call), add=tags_in(call.parameters))
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def untag_policy(ports: ApiPorts, call: Call) -> Output:
    """UntagPolicy."""
    decide = partial(rules.tag_policy, arn=policy_arn_of(call), remove=call.parameters["TagKeys"])
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def list_policy_tags(ports: ApiPorts, call: Call) -> Output:
    """ListPolicyTags."""
    policy = found_or_raise(rules.find_policy(ports.worlds.current, policy_arn_of(call)))
    return Output(page_of_tags(call, policy.tags))


MANAGED_POLICY_OPERATIONS: Final[Mapping[str, Operation]] = {
    "CreatePolicy": create_policy,
    "GetPolicy": get_policy,
    "ListPolicies": list_policies,
    "DeletePolicy": delete_policy,
    "ListEntitiesForPolicy": list_entities_for_policy,
    "TagPolicy": tag_policy,
    "UntagPolicy": untag_policy,
    "ListPolicyTags": list_policy_tags,
}


def _attachments(world: World) -> Counter[Arn]:
    return Counter(arn for user in world.users.values() for arn in user.attached)


def _is_listed(call: Call, policy: ManagedPolicy, attachments: Counter[Arn]) -> bool:
    asked = call.parameters
    return (
        asked.get("Scope", "All") != "AWS"
        and not _asks_for_boundaries(call)
        and policy.path.startswith(asked.get("PathPrefix", "/"))
        and (not asked.get("OnlyAttached", False) or attachments[policy.arn] > 0)
    )


def _asks_for_boundaries(call: Call) -> bool:
    return bool(call.parameters.get("PolicyUsageFilter") == "PermissionsBoundary")
