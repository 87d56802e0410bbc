"""IAM's operations on the account as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.iam.members import (
    render_attached,
    render_document,
    render_policy,
    render_user,
    render_version,
)
from stillup.engine.api.iam.paging import page
from stillup.rules.iam.access_keys import MOST_ACCESS_KEYS
from stillup.rules.iam.identity import ManagedPolicy, User
from stillup.rules.iam.policies import MOST_CHARACTERS, MOST_POLICIES, MOST_VERSIONS, users_with
from stillup.rules.iam.user_policies import MOST_ATTACHED, MOST_INLINE
from stillup.rules.iam.users import MOST_USERS
from stillup.rules.world import World
from stillup.wire.aws.messages import Output

_Entity: TypeAlias = User | ManagedPolicy


async def get_account_summary(ports: ApiPorts, call: Call) -> Output:
    """GetAccountSummary: how many there are, and may be, of what this engine has."""
    world = ports.worlds.current
    return Output(
        {
            "SummaryMap": {
                "Users": len(world.users),
                "UsersQuota": MOST_USERS,
                "Policies": len(world.policies),
                "PoliciesQuota": MOST_POLICIES,
                "PolicySizeQuota": MOST_CHARACTERS,
                "VersionsPerPolicyQuota": MOST_VERSIONS,
                "AccessKeysPerUserQuota": MOST_ACCESS_KEYS,
                "AttachedPoliciesPerUserQuota": MOST_ATTACHED,
                "UserPolicySizeQuota": MOST_INLINE,
                "Groups": 0,
                "MFADevices": 0,
            }
        }
    )


async def get_account_authorization_details(ports: ApiPorts, call: Call) -> Output:
    """GetAccountAuthorizationDetails: users, then managed policies, with all that they say."""
    world = ports.worlds.current
    wanted = set(call.parameters.get("Filter") or ("User", "LocalManagedPolicy"))
    # By id: AIDA… comes before ANPA…, and an ARN may be longer than a marker.
    paged = page(call, "entities", _entities(world, wanted), key=lambda entity: entity.id, render=_itself)
    entities = paged.pop("entities")
    return Output(
        {
            "UserDetailList": [_user_detail(world, each) for each in entities if isinstance(each, User)],
            "Policies": [_policy_detail(world, each) for each in entities if isinstance(each, ManagedPolicy)],
            "GroupDetailList": [],
            "RoleDetailList": [],
            **paged,
        }
    )


ACCOUNT_OPERATIONS: Final[Mapping[str, Operation]] = {
    "GetAccountSummary": get_account_summary,
    "GetAccountAuthorizationDetails": get_account_authorization_details,
}


def _entities(world: World, wanted: set[str]) -> Iterator[_Entity]:
    if "User" in wanted:
        yield from world.users.values()
    if "LocalManagedPolicy" in wanted:
        yield from world.policies.values()


def _user_detail(world: World, user: User) -> dict[str, Any]:
    return render_user(user, tagged=True) | {
        "UserPolicyList": [
            {"PolicyName": name, "PolicyDocument": render_document(document)}
            for name, document in sorted(user.policies.items())
        ],
        "AttachedManagedPolicies": [render_attached(world.policies[arn]) for arn in user.attached],
        "GroupList": [],
    }


def _policy_detail(world: World, policy: ManagedPolicy) -> dict[str, Any]:
    shown = render_policy(policy, attachments=len(users_with(world, policy.arn)))
    return shown | {
        "PolicyVersionList": [
            render_version(policy, version) | {"Document": render_document(version.document)}
            for version in reversed(policy.versions)
        ]
    }


def _itself(entity: _Entity) -> _Entity:
    return entity
