"""Users: a request and a world in, a change or a refusal out.

The wire has held every name, path and tag against AWS's patterns before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from stillup.rules.changes import UserDeleted, UserPut
from stillup.rules.iam.identity import User
from stillup.rules.iam.names import same_name, user_arn
from stillup.rules.iam.tags import TagKeys, retag
from stillup.rules.ids import Instant
from stillup.rules.refusal import Refusal
from stillup.rules.world import World

MOST_USERS: Final = 5000
"""Users of an account."""


def find_user(world: World, name: str) -> User | Refusal:
    """The user, or NoSuchEntity."""
    user = world.users.get(name)
    if user is None:
        return Refusal.because("NoSuchEntity", f"The user with name {name} cannot be found.")
    return user


def create_user(
    world: World,
    *,
    account_id: str,
    user_id: str,
    name: str,
    path: str,
    tags: Sequence[tuple[str, str]],
    now: Instant,
) -> UserPut | Refusal:
    """A new user, who may do nothing yet.

    | tags      | name, in any case | users in the account | outcome             |
    |-----------|-------------------|----------------------|---------------------|
    | bad       | any               | any                  | the tags' refusal   |
    | good      | taken             | any                  | EntityAlreadyExists |
    | good      | free              | 5000                 | LimitExceeded       |
    | good      | free              | fewer                | a new user          |
    """
    tagged = retag({}, TagKeys.ANY_CASE, add=tags)
    if isinstance(tagged, Refusal):
        return tagged
    if _is_taken(world.users, name):
        return _taken(name)
    if len(world.users) >= MOST_USERS:
        return Refusal.because("LimitExceeded", f"Cannot exceed quota for UsersPerAccount: {MOST_USERS}")
    arn = user_arn(account_id, path, name)
    return UserPut(User(name=name, id=user_id, arn=arn, created_at=now, path=path, tags=tagged))


def update_user(
    world: World, name: str, *, account_id: str, new_name: str | None, new_path: str | None
) -> UserPut | Refusal:
    """The user under another name or path, and so under another ARN; his id, keys and policies stay.

    A new name must be free, but may be the user's own in another case: EntityAlreadyExists.
    """
    user = find_user(world, name)
    if isinstance(user, Refusal):
        return user
    name_now = user.name if new_name is None else new_name
    path_now = user.path if new_path is None else new_path
    if _is_taken(world.users.keys() - {user.name}, name_now):
        return _taken(name_now)
    moved = replace(user, name=name_now, path=path_now, arn=user_arn(account_id, path_now, name_now))
    return UserPut(moved, formerly=None if name_now == user.name else user.name)


def delete_user(world: World, name: str) -> UserDeleted | Refusal:
    """The user is gone.

    | attached policies | inline policies | access keys | outcome                                |
    |-------------------|-----------------|-------------|----------------------------------------|
    | some              | any             | any         | DeleteConflict, detach all policies    |
    | none              | some            | any         | DeleteConflict, delete policies        |
    | none              | none            | some        | DeleteConflict, delete access keys     |
    | none              | none            | none        | gone                                   |
    """
    user = find_user(world, name)
    if isinstance(user, Refusal):
        return user
    for what, must in (
        (user.attached, "detach all policies"),
        (user.policies, "delete policies"),
        (user.access_keys, "delete access keys"),
    ):
        if what:
            return Refusal.because("DeleteConflict", f"Cannot delete entity, must {must} first.")
    return UserDeleted(name)


def tag_user(
    world: World, name: str, *, add: Sequence[tuple[str, str]] = (), remove: Iterable[str] = ()
) -> UserPut | Refusal:
    """The user with his tags changed."""
    user = find_user(world, name)
    if isinstance(user, Refusal):
        return user
    tags = retag(user.tags, TagKeys.ANY_CASE, add=add, remove=remove)
    return tags if isinstance(tags, Refusal) else UserPut(replace(user, tags=tags))


def _is_taken(names: Iterable[str], name: str) -> bool:
    return any(same_name(taken, name) for taken in names)


def _taken(name: str) -> Refusal:
    return Refusal.because("EntityAlreadyExists", f"User with name {name} already exists.")
