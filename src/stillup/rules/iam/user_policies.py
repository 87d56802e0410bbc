"""What is written into a user's policies and which managed ones he has: a change or a refusal out."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from stillup.rules.changes import UserPut
from stillup.rules.iam.policies import find_policy, malformed, not_found, size_of
from stillup.rules.iam.users import find_user
from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.rules.world import World

MOST_INLINE: Final = 2048
"""Characters of all inline policies of one user, white space not counted."""
MOST_ATTACHED: Final = 10
"""Managed policies of one user."""


def find_inline(world: World, user_name: str, policy_name: str) -> str | Refusal:
    """The document of the user's inline policy, or NoSuchEntity."""
    user = find_user(world, user_name)
    if isinstance(user, Refusal):
        return user
    return user.policies.get(policy_name, _no_such_inline(policy_name))


def put_user_policy(world: World, user_name: str, policy_name: str, document: str) -> UserPut | Refusal:
    """The user with this inline policy, perhaps in place of one of that name.

    | user    | document  | characters of all    | outcome                 |
    |---------|-----------|----------------------|-------------------------|
    | unknown | any       | any                  | NoSuchEntity            |
    | known   | malformed | any                  | MalformedPolicyDocument |
    | known   | good      | more than 2048       | LimitExceeded           |
    | known   | good      | up to 2048           | written                 |
    """
    user = find_user(world, user_name)
    if isinstance(user, Refusal):
        return user
    complaint = malformed(document)
    if complaint is not None:
        return complaint
    policies = {**user.policies, policy_name: document}
    if sum(map(size_of, policies.values())) > MOST_INLINE:
        return Refusal.because(
            "LimitExceeded", f"Maximum policy size of {MOST_INLINE} bytes exceeded for user {user_name}"
        )
    return UserPut(replace(user, policies=policies))


def delete_user_policy(world: World, user_name: str, policy_name: str) -> UserPut | Refusal:
    """The user without this inline policy."""
    user = find_user(world, user_name)
    if isinstance(user, Refusal):
        return user
    if policy_name not in user.policies:
        return _no_such_inline(policy_name)
    kept = {name: document for name, document in user.policies.items() if name != policy_name}
    return UserPut(replace(user, policies=kept))


def attach_user_policy(world: World, user_name: str, arn: Arn) -> UserPut | Refusal | None:
    """The user with this managed policy; None where he has it already.

    | policy  | user    | has it | has others | outcome       |
    |---------|---------|--------|------------|---------------|
    | unknown | any     |        |            | NoSuchEntity  |
    | known   | unknown |        |            | NoSuchEntity  |
    | known   | known   | yes    | any        | as it was     |
    | known   | known   | no     | ten        | LimitExceeded |
    | known   | known   | no     | fewer      | attached      |
    """
    policy = find_policy(world, arn)
    if isinstance(policy, Refusal):
        return policy
    user = find_user(world, user_name)
    if isinstance(user, Refusal):
        return user
    if arn in user.attached:
        return None
    if len(user.attached) >= MOST_ATTACHED:
        return Refusal.because("LimitExceeded", f"Cannot exceed quota for PoliciesPerUser: {MOST_ATTACHED}")
    return UserPut(replace(user, attached=(*user.attached, arn)))


def detach_user_policy(world: World, user_name: str, arn: Arn) -> UserPut | Refusal:
    """The user without this managed policy; NoSuchEntity where he does not have it."""
    user = find_user(world, user_name)
    if isinstance(user, Refusal):
        return user
    if arn not in user.attached:
        return not_found(arn)
    return UserPut(replace(user, attached=tuple(each for each in user.attached if each != arn)))


def _no_such_inline(policy_name: str) -> Refusal:
    return Refusal.because("NoSuchEntity", f"The user policy with name {policy_name} cannot be found.")
