"""IAM's operations on what a user may do: his inline policies, and the managed ones attached to him."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.iam.members import render_attached, render_document
from stillup.engine.api.iam.paging import page
from stillup.engine.api.iam.subjects import found_or_raise, policy_arn_of
from stillup.rules.iam import user_policies as rules
from stillup.rules.iam.users import find_user
from stillup.wire.aws.messages import Output


async def put_user_policy(ports: ApiPorts, call: Call) -> Output:
    """PutUserPolicy."""
    asked = call.parameters
    decide = partial(
        rules.put_user_policy,
        user_name=asked["UserName"],
        policy_name=asked["PolicyName"],
        document=asked["PolicyDocument"],
    )
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def get_user_policy(ports: ApiPorts, call: Call) -> Output:
    """GetUserPolicy."""
    user_name, policy_name = call.parameters["UserName"], call.parameters["PolicyName"]
    document = found_or_raise(rules.find_inline(ports.worlds.current, user_name, policy_name))
    return Output(
        {"UserName": user_name, "PolicyName": policy_name, "PolicyDocument": render_document(document)}
    )


async def list_user_policies(ports: ApiPorts, call: Call) -> Output:
    """ListUserPolicies: the names of the inline ones."""
    user = found_or_raise(find_user(ports.worlds.current, call.parameters["UserName"]))
    return Output(page(call, "PolicyNames", user.policies, key=str, render=str))


async def delete_user_policy(ports: ApiPorts, call: Call) -> Output:
    """DeleteUserPolicy."""
    decide = partial(
        rules.delete_user_policy,
        user_name=call.parameters["UserName"],
        policy_name=call.parameters["PolicyName"],
    )
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def attach_user_policy(ports: ApiPorts, call: Call) -> Output:
    """AttachUserPolicy; once more is as good as once."""
    decide = partial(rules.attach_user_policy, user_name=call.parameters["UserName"], arn=policy_arn_of(call))
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def detach_user_policy(ports: ApiPorts, call: Call) -> Output:
    """DetachUserPolicy."""
    decide = partial(rules.detach_user_policy, user_name=call.parameters["UserName"], arn=policy_arn_of(call))
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def list_attached_user_policies(ports: ApiPorts, call: Call) -> Output:
    """ListAttachedUserPolicies, by name, of one path or of all."""
    world, prefix = ports.worlds.current, call.parameters.get("PathPrefix", "/")
    user = found_or_raise(find_user(world, call.parameters["UserName"]))
    policies = (world.policies[arn] for arn in user.attached)
    under = (policy for policy in policies if policy.path.startswith(prefix))
    return Output(
        page(call, "AttachedPolicies", under, key=lambda policy: policy.name, render=render_attached)
    )


USER_POLICY_OPERATIONS: Final[Mapping[str, Operation]] = {
    "PutUserPolicy": put_user_policy,
    "GetUserPolicy": get_user_policy,
    "ListUserPolicies": list_user_policies,
    "DeleteUserPolicy": delete_user_policy,
    "AttachUserPolicy": attach_user_policy,
    "DetachUserPolicy": detach_user_policy,
    "ListAttachedUserPolicies": list_attached_user_policies,
}
