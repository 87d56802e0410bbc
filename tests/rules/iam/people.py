"""Users, keys and policies to ask questions about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stillup.rules.changes import Change
from stillup.rules.iam.identity import AccessKey, ManagedPolicy, PolicyVersion, User
from stillup.rules.iam.names import policy_arn, user_arn
from stillup.rules.refusal import Refusal
from stillup.rules.world import World, fold

ACCOUNT = "123456789012"
NOW = 1_700_000_000.0
ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


def a_key(key_id: str, **given: Any) -> AccessKey:
    return AccessKey(id=key_id, secret="secret", created_at=NOW, **given)


def a_user(name: str, path: str = "/", **given: Any) -> User:
    return User(
        name=name,
        id=f"AIDA{name:X<17}",
        arn=user_arn(ACCOUNT, path, name),
        created_at=NOW,
        path=path,
        **given,
    )


def a_policy(
    name: str,
    path: str = "/",
    *,
    versions: tuple[str, ...] = ("v1",),
    default: str = "v1",
    document: str = ALLOW_ALL,
    **given: Any,
) -> ManagedPolicy:
    usual: Mapping[str, Any] = {
        "latest_version": max(int(version.removeprefix("v")) for version in versions),
        "versions": tuple(PolicyVersion(version, document, NOW) for version in versions),
    }
    return ManagedPolicy(
        arn=policy_arn(ACCOUNT, path, name),
        name=name,
        id=f"ANPA{name:X<17}",
        created_at=NOW,
        updated_at=NOW,
        default_version=default,
        path=path,
        **{**usual, **given},
    )


def sized(characters: int) -> str:
    """A good document of so many characters, and white space beside."""
    bare = ALLOW_ALL.replace('"Effect"', '"Sid":"","Effect"')
    return bare.replace('"Sid":""', f' \n"Sid":"{"x" * (characters - len(bare))}"')


def a_world(*things: User | ManagedPolicy) -> World:
    users = {thing.name: thing for thing in things if isinstance(thing, User)}
    policies = {thing.arn: thing for thing in things if isinstance(thing, ManagedPolicy)}
    return World(users=users, policies=policies)


def after(world: World, change: Change | Refusal | None) -> World:
    """The world after a change that must not be refused."""
    assert change is not None
    assert not isinstance(change, Refusal), change
    return fold(world, change)


def said(outcome: object) -> tuple[str, str] | None:
    """The refusal's code and text."""
    return (outcome.code, outcome.message) if isinstance(outcome, Refusal) else None
