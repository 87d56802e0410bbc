"""Access keys of users: a request and a world in, a change or a refusal out."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from stillup.rules.changes import UserPut
from stillup.rules.iam.identity import AccessKey, User
from stillup.rules.iam.users import find_user
from stillup.rules.refusal import Refusal
from stillup.rules.world import World

MOST_ACCESS_KEYS: Final = 2
"""Keys of one user, active or not: one in use, and one that takes its place."""


def find_owner(world: World, key_id: str) -> User | None:
    """Whose key it is."""
    for user in world.users.values():
        if any(key.id == key_id for key in user.access_keys):
            return user
    return None


def create_access_key(world: World, user_name: str, key: AccessKey) -> UserPut | Refusal:
    """The user with this key beside the one that he may have; LimitExceeded for a third."""
    user = find_user(world, user_name)
    if isinstance(user, Refusal):
        return user
    if len(user.access_keys) >= MOST_ACCESS_KEYS:
        return Refusal.because(
            "LimitExceeded", f"Cannot exceed quota for AccessKeysPerUser: {MOST_ACCESS_KEYS}"
        )
    return UserPut(replace(user, access_keys=(*user.access_keys, key)))


def update_access_key(world: World, user_name: str, key_id: str, *, status: str) -> UserPut | Refusal:
    """The user with this key switched on or off; InvalidInput for a status that nobody can set."""
    if status not in ("Active", "Inactive"):
        return Refusal.because("InvalidInput", f"The status of an access key cannot be set to {status}.")
    user = _find_user_with_key(world, user_name, key_id)
    if isinstance(user, Refusal):
        return user
    keys = (
        replace(key, is_active=status == "Active") if key.id == key_id else key for key in user.access_keys
    )
    return UserPut(replace(user, access_keys=tuple(keys)))


def delete_access_key(world: World, user_name: str, key_id: str) -> UserPut | Refusal:
    """The user without this key."""
    user = _find_user_with_key(world, user_name, key_id)
    if isinstance(user, Refusal):
        return user
    return UserPut(replace(user, access_keys=tuple(key for key in user.access_keys if key.id != key_id)))


def _find_user_with_key(world: World, user_name: str, key_id: str) -> User | Refusal:
    """The user, if the key is his: somebody else's is as unknown as none."""
    user = find_user(world, user_name)
    if isinstance(user, Refusal):
        return user
    return user if any(key.id == key_id for key in user.access_keys) else _no_such_key(key_id)


def _no_such_key(key_id: str) -> Refusal:
    return Refusal.because("NoSuchEntity", f"The Access Key with id {key_id} cannot be found.")
