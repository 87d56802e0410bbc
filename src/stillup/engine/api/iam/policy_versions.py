"""IAM's operations on the versions of managed policies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.iam.members import render_document, render_version
from stillup.engine.api.iam.paging import page
from stillup.engine.api.iam.subjects import found_or_raise, policy_arn_of
from stillup.rules.iam import policies as rules
from stillup.rules.iam.identity import PolicyVersion
from stillup.wire.aws.messages import Output


async def create_policy_version(ports: ApiPorts, call: Call) -> Output:
    """CreatePolicyVersion, in force at once or not yet."""
    arn = policy_arn_of(call)
    decide = partial(
        rules.create_version,
        arn=arn,
        document=call.parameters["PolicyDocument"],
        becomes_default=call.parameters.get("SetAsDefault", False),
        now=ports.clock.now(),
    )
    policy = committed_or_raise(await ports.worlds.commit(decide)).world.policies[arn]
    return Output({"PolicyVersion": render_version(policy, policy.versions[-1])})


async def get_policy_version(ports: ApiPorts, call: Call) -> Output:
    """GetPolicyVersion, with the document."""
    found = rules.find_version(ports.worlds.current, policy_arn_of(call), call.parameters["VersionId"])
    policy, version = found_or_raise(found)
    shown = render_version(policy, version)
    return Output({"PolicyVersion": shown | {"Document": render_document(version.document)}})


async def list_policy_versions(ports: ApiPorts, call: Call) -> Output:
    """ListPolicyVersions, the newest first."""
    policy = found_or_raise(rules.find_policy(ports.worlds.current, policy_arn_of(call)))

    def age(version: PolicyVersion) -> str:
        return f"{policy.latest_version - int(version.id.removeprefix('v')):010}"

    render = partial(render_version, policy)
    return Output(page(call, "Versions", policy.versions, key=age, render=render))


async def set_default_policy_version(ports: ApiPorts, call: Call) -> Output:
    """SetDefaultPolicyVersion."""
    decide = partial(
        rules.set_default_version, arn=policy_arn_of(call), version_id=call.parameters["VersionId"]
    )
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def delete_policy_version(ports: ApiPorts, call: Call) -> Output:
    """DeletePolicyVersion: of any but the default one."""
    decide = partial(rules.delete_version, arn=policy_arn_of(call), version_id=call.parameters["VersionId"])
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


POLICY_VERSION_OPERATIONS: Final[Mapping[str, Operation]] = {
    "CreatePolicyVersion": create_policy_version,
    "GetPolicyVersion": get_policy_version,
    "ListPolicyVersions": list_policy_versions,
    "SetDefaultPolicyVersion": set_default_policy_version,
    "DeletePolicyVersion": delete_policy_version,
}
