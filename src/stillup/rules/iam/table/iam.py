"""IAM: everything is about a user or a managed policy, or about all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from stillup.rules.iam.context import requested_tag_keys, tag_keys
from stillup.rules.iam.identity import User
from stillup.rules.iam.patterns import Context
from stillup.rules.iam.table.row import (
    EVERYTHING,
    Facts,
    Need,
    Resources,
    Row,
    everything,
    has,
    single,
    tags,
    text,
    texts,
)
from stillup.rules.ids import Arn


def _user(facts: Facts) -> Sequence[str]:
    """The user that is named; nobody named is the caller himself."""
    name = text(facts.parameters, "UserName")
    if name is None:
        return (facts.caller.arn,)
    found = _found(facts, name)
    return (_arn(facts, "user", "/", name) if found is None else found.arn,)


def _users(facts: Facts) -> Sequence[str]:
    """Of a list of users: what AWS names when it refuses one."""
    return (_arn(facts, "user", text(facts.parameters, "PathPrefix") or "/", ""),)


def _found(facts: Facts, name: str) -> User | None:
    # Names are unique without regard to case.
    exact = facts.world.users.get(name)
    return exact or next(
        (each for each in facts.world.users.values() if each.name.lower() == name.lower()), None
    )


def _new_user(facts: Facts) -> Sequence[str]:
    path = text(facts.parameters, "Path") or "/"
    return (_arn(facts, "user", path, text(facts.parameters, "UserName") or ""),)


def _renamed_user(facts: Facts) -> Sequence[str]:
    """Who renames or moves a user needs permission for what he is and for what he is to be."""
    (before,) = _user(facts)
    old_path, _, old_name = before.partition(":user")[2].rpartition("/")
    path = text(facts.parameters, "NewPath") or f"{old_path}/"
    after = _arn(facts, "user", path, text(facts.parameters, "NewUserName") or old_name)
    return (before,) if before == after else (before, after)


def _new_policy(facts: Facts) -> Sequence[str]:
    path = text(facts.parameters, "Path") or "/"
    return (_arn(facts, "policy", path, text(facts.parameters, "PolicyName") or ""),)


def _policy(facts: Facts) -> Sequence[str]:
    return (text(facts.parameters, "PolicyArn") or EVERYTHING,)


def _simulated(facts: Facts) -> Sequence[str]:
    return (text(facts.parameters, "PolicySourceArn") or EVERYTHING,)


def _owner_of_key(facts: Facts) -> Sequence[str]:
    wanted = text(facts.parameters, "AccessKeyId")
    return [
        user.arn for user in facts.world.users.values() if any(key.id == wanted for key in user.access_keys)
    ]


def _arn(facts: Facts, kind: str, path: str, name: str) -> str:
    return f"arn:aws:iam::{facts.account_id}:{kind}{path}{name}"


def _keys(facts: Facts, resource: str) -> Context:
    attached = text(facts.parameters, "PolicyArn")
    return {
        **requested_tag_keys(tags(facts.parameters), texts(facts.parameters, "TagKeys")),
        **tag_keys(_tags_of(facts, resource), "aws:resourcetag", "iam:resourcetag"),
        **({} if attached is None else {"iam:policyarn": (attached,)}),
    }


def _tags_of(facts: Facts, resource: str) -> Mapping[str, str]:
    policy = facts.world.policies.get(Arn(resource))
    if policy is not None:
        return policy.tags
    user = facts.world.users.get(resource.rpartition("/")[2])
    return user.tags if user is not None and user.arn == resource else {}


def _rows(resources: Resources, *operations: str) -> Mapping[str, Row]:
    return {operation: single(f"iam:{operation}", resources, _keys) for operation in operations}


IAM: Final[Mapping[str, Row]] = {
    **_rows(
        everything,
        "GetAccountSummary",
        "GetAccountAuthorizationDetails",
        "ListAccountAliases",
        "ListGroups",
        "ListPolicies",
        "ListVirtualMFADevices",
        "SimulateCustomPolicy",
    ),
    **_rows(
        _user,
        "AttachUserPolicy",
        "CreateAccessKey",
        "DeleteAccessKey",
        "DeleteLoginProfile",
        "DeleteUser",
        "DeleteUserPolicy",
        "DetachUserPolicy",
        "GetLoginProfile",
        "GetUser",
        "GetUserPolicy",
        "ListAccessKeys",
        "ListAttachedUserPolicies",
        "ListGroupsForUser",
        "ListMFADevices",
        "ListSSHPublicKeys",
        "ListServiceSpecificCredentials",
        "ListSigningCertificates",
        "ListUserPolicies",
        "ListUserTags",
        "PutUserPolicy",
        "TagUser",
        "UntagUser",
        "UpdateAccessKey",
    ),
    **_rows(
        _policy,
        "CreatePolicyVersion",
        "DeletePolicy",
        "DeletePolicyVersion",
        "GetPolicy",
        "GetPolicyVersion",
        "ListEntitiesForPolicy",
        "ListPolicyTags",
        "ListPolicyVersions",
        "SetDefaultPolicyVersion",
        "TagPolicy",
        "UntagPolicy",
    ),
    **_rows(_owner_of_key, "GetAccessKeyLastUsed"),
    **_rows(_users, "ListUsers"),
    **_rows(_renamed_user, "UpdateUser"),
    **_rows(_simulated, "SimulatePrincipalPolicy"),
    "CreatePolicy": Row(
        (
            Need("iam:CreatePolicy", _new_policy, _keys),
            Need("iam:TagPolicy", _new_policy, _keys, when=has("Tags")),
        )
    ),
    "CreateUser": Row(
        (Need("iam:CreateUser", _new_user, _keys), Need("iam:TagUser", _new_user, _keys, when=has("Tags")))
    ),
}
