"""Managed policies and their versions: a request and a world in, a change or a refusal out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from stillup.rules.changes import PolicyDeleted, PolicyPut
from stillup.rules.iam.document import parse_document
from stillup.rules.iam.identity import ManagedPolicy, PolicyVersion, User
from stillup.rules.iam.names import policy_arn, same_name
from stillup.rules.iam.tags import TagKeys, retag
from stillup.rules.ids import Arn, Instant
from stillup.rules.refusal import Refusal
from stillup.rules.world import World

MOST_POLICIES: Final = 1500
"""Managed policies of an account."""
MOST_CHARACTERS: Final = 6144
"""Characters of a managed policy, white space not counted."""
MOST_VERSIONS: Final = 5
"""Versions of one managed policy."""

_ARN: Final = re.compile(r"arn:aws:iam::(aws|[0-9]{12}):policy/[\w+=,.@/-]+", re.ASCII)
_WHITE_SPACE: Final = re.compile(r"\s+")


def find_policy(world: World, arn: Arn) -> ManagedPolicy | Refusal:
    """The policy, or InvalidInput for what is no policy's ARN, or NoSuchEntity."""
    if not _ARN.fullmatch(arn):
        return Refusal.because("InvalidInput", f"ARN {arn} is not valid.")
    policy = world.policies.get(arn)
    if policy is None:
        return Refusal.because("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.")
    return policy


def get_policy(world: World, arn: Arn) -> ManagedPolicy | Refusal:
    """The policy as `find_policy` has it; GetPolicy and those that tag miss one in words of their own."""
    if _ARN.fullmatch(arn) and arn not in world.policies:
        return not_found(arn)
    return find_policy(world, arn)


def not_found(arn: Arn) -> Refusal:
    """NoSuchEntity, as GetPolicy, DetachUserPolicy and those that tag say it."""
    return Refusal.because("NoSuchEntity", f"Policy {arn} was not found.")


def find_version(world: World, arn: Arn, version_id: str) -> tuple[ManagedPolicy, PolicyVersion] | Refusal:
    """The policy and this version of it, or NoSuchEntity, whichever of them is missing."""
    policy = find_policy(world, arn)
    if isinstance(policy, Refusal) and policy.code != "NoSuchEntity":
        return policy
    if isinstance(policy, ManagedPolicy):
        for version in policy.versions:
            if version.id == version_id:
                return policy, version
    return Refusal.because(
        "NoSuchEntity", f"Policy {arn} version {version_id} does not exist or is not attachable."
    )


def users_with(world: World, arn: Arn) -> list[User]:
    """The users that have this policy attached."""
    return [user for user in world.users.values() if arn in user.attached]


def malformed(document: str) -> Refusal | None:
    """Why the text is no identity's policy: MalformedPolicyDocument."""
    parsed = parse_document(document)
    return parsed if isinstance(parsed, Refusal) else None


def size_of(document: str) -> int:
    """What counts against a quota: the characters, without white space."""
    return len(_WHITE_SPACE.sub("", document))


def create_policy(
    world: World,
    *,
    account_id: str,
    policy_id: str,
    name: str,
    path: str,
    document: str,
    description: str | None,
    tags: Sequence[tuple[str, str]],
    now: Instant,
) -> PolicyPut | Refusal:
    """A new policy with one version, v1, attached to nobody.

    | tags | document            | name, in any case | policies     | outcome                 |
    |------|---------------------|-------------------|--------------|-------------------------|
    | bad  | any                 | any               | any          | the tags' refusal       |
    | good | malformed           | any               | any          | MalformedPolicyDocument |
    | good | over 6144 characters| any               | any          | LimitExceeded           |
    | good | good                | taken             | any          | EntityAlreadyExists     |
    | good | good                | free              | 1500         | LimitExceeded           |
    | good | good                | free              | fewer        | a new policy            |
    """
    tagged = retag({}, TagKeys.EXACT, add=tags)
    if isinstance(tagged, Refusal):
        return tagged
    complaint = _unfit(document)
    if complaint is not None:
        return complaint
    if any(same_name(policy.name, name) for policy in world.policies.values()):
        return Refusal.because(
            "EntityAlreadyExists", f"A policy called {name} already exists. Duplicate names are not allowed."
        )
    if len(world.policies) >= MOST_POLICIES:
        return Refusal.because(
            "LimitExceeded", f"Cannot exceed quota for PoliciesPerAccount: {MOST_POLICIES}"
        )
    return PolicyPut(
        ManagedPolicy(
            arn=policy_arn(account_id, path, name),
            name=name,
            id=policy_id,
            created_at=now,
            updated_at=now,
            versions=(PolicyVersion("v1", document, now),),
            default_version="v1",
            path=path,
            description=description,
            tags=tagged,
        )
    )


def delete_policy(world: World, arn: Arn) -> PolicyDeleted | Refusal:
    """The policy is gone.

    | attached to | versions | outcome        |
    |-------------|----------|----------------|
    | somebody    | any      | DeleteConflict |
    | nobody      | several  | DeleteConflict |
    | nobody      | one      | gone           |
    """
    policy = find_policy(world, arn)
    if isinstance(policy, Refusal):
        return policy
    if users_with(world, arn):
        return Refusal.because("DeleteConflict", "Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        return Refusal.because(
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete the policy's "
            "versions. The default version is deleted with the policy.",
        )
    return PolicyDeleted(arn)


def create_version(
    world: World, arn: Arn, document: str, *, becomes_default: bool, now: Instant
) -> PolicyPut | Refusal:
    """The policy with one version more, whose number was never used before; LimitExceeded for a sixth."""
    policy = find_policy(world, arn)
    if isinstance(policy, Refusal):
        return policy
    complaint = _unfit(document)
    if complaint is not None:
        return complaint
    if len(policy.versions) >= MOST_VERSIONS:
        return Refusal.because(
            "LimitExceeded",
            f"A managed policy can have up to {MOST_VERSIONS} versions. Before you create a new version, you "
            "must delete an existing version.",
        )
    number = policy.latest_version + 1
    version = PolicyVersion(f"v{number}", document, now)
    return PolicyPut(
        replace(
            policy,
            versions=(*policy.versions, version),
            default_version=version.id if becomes_default else policy.default_version,
            latest_version=number,
            updated_at=now,
        )
    )


def set_default_version(world: World, arn: Arn, version_id: str) -> PolicyPut | Refusal:
    """The policy, saying from now on what this version says."""
    found = find_version(world, arn, version_id)
    if isinstance(found, Refusal):
        return found
    policy, version = found
    return PolicyPut(replace(policy, default_version=version.id))


def delete_version(world: World, arn: Arn, version_id: str) -> PolicyPut | Refusal:
    """The policy without this version; DeleteConflict for the one in force."""
    found = find_version(world, arn, version_id)
    if isinstance(found, Refusal):
        return found
    policy, version = found
    if version.id == policy.default_version:
        return Refusal.because("DeleteConflict", "Cannot delete the default version of a policy.")
    kept = tuple(each for each in policy.versions if each.id != version.id)
    return PolicyPut(replace(policy, versions=kept))


def tag_policy(
    world: World, arn: Arn, *, add: Sequence[tuple[str, str]] = (), remove: Iterable[str] = ()
) -> PolicyPut | Refusal:
    """The policy with its tags changed."""
    policy = get_policy(world, arn)
    if isinstance(policy, Refusal):
        return policy
    tags = retag(policy.tags, TagKeys.EXACT, add=add, remove=remove)
    return tags if isinstance(tags, Refusal) else PolicyPut(replace(policy, tags=tags))


def _unfit(document: str) -> Refusal | None:
    complaint = malformed(document)
    if complaint is None and size_of(document) > MOST_CHARACTERS:
        return Refusal.because("LimitExceeded", f"Cannot exceed quota for PolicySize: {MOST_CHARACTERS}")
    return complaint
