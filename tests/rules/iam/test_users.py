"""Users: made, renamed, tagged, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from stillup.rules.changes import UserDeleted, UserPut
from stillup.rules.iam import users
from stillup.rules.iam.names import policy_arn
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from tests.rules.iam.people import ACCOUNT, ALLOW_ALL, NOW, a_key, a_user, a_world, after, said

ALICE = a_user("alice")
BOB = a_user("Bob")


def create(world: World, name: str, tags: Sequence[tuple[str, str]] = ()) -> UserPut | Refusal:
    return users.create_user(
        world, account_id=ACCOUNT, user_id="AIDAX", name=name, path="/ops/", tags=tags, now=NOW
    )


@pytest.mark.parametrize(
    ("name", "tags", "refusal"),
    [
        (
            "new",
            [("a", "1"), ("A", "2")],
            ("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive."),
        ),
        ("alice", [], ("EntityAlreadyExists", "User with name alice already exists.")),
        ("ALICE", [], ("EntityAlreadyExists", "User with name ALICE already exists.")),
        ("bob", [], ("EntityAlreadyExists", "User with name bob already exists.")),
        ("new", [("a", "1")], None),
    ],
)
def test_a_user_is_made_unless_another_has_the_name_in_any_case(
    name: str, tags: list[tuple[str, str]], refusal: tuple[str, str] | None
) -> None:
    made = create(a_world(ALICE, BOB), name, tags)
    assert said(made) == refusal
    if refusal is None:
        assert made == UserPut(
            replace(a_user(name, "/ops/", tags=dict(tags)), id="AIDAX"),
        )
        assert after(a_world(ALICE, BOB), made).users[name].arn == "arn:aws:iam::123456789012:user/ops/new"


def test_an_account_has_five_thousand_users_at_most() -> None:
    crowd = {f"user{number}": ALICE for number in range(5000)}
    assert said(create(World(users=crowd), "new")) == (
        "LimitExceeded",
        "Cannot exceed quota for UsersPerAccount: 5000",
    )


@pytest.mark.parametrize(
    ("new_name", "new_path", "expected"),
    [
        (None, None, ("alice", "/", None)),
        (None, "/ops/", ("alice", "/ops/", None)),
        ("alicia", None, ("alicia", "/", "alice")),
        ("alicia", "/ops/", ("alicia", "/ops/", "alice")),
        ("Alice", None, ("Alice", "/", "alice")),
        ("alice", None, ("alice", "/", None)),
        ("BOB", None, ("EntityAlreadyExists", "User with name BOB already exists.")),
    ],
)
def test_a_user_moves_to_another_name_or_path(
    new_name: str | None, new_path: str | None, expected: tuple[str | None, ...]
) -> None:
    world = a_world(replace(ALICE, policies={"p": ALLOW_ALL}, access_keys=(a_key("AKIA1"),)), BOB)
    moved = users.update_user(world, "alice", account_id=ACCOUNT, new_name=new_name, new_path=new_path)
    if isinstance(moved, Refusal):
        assert said(moved) == expected
        return
    user = moved.user
    assert (user.name, user.path, moved.formerly) == expected
    assert user.arn == f"arn:aws:iam::123456789012:user{user.path}{user.name}"
    assert (user.id, user.policies, user.access_keys) == (ALICE.id, {"p": ALLOW_ALL}, (a_key("AKIA1"),))
    assert set(after(world, moved).users) == {user.name, "Bob"}


@pytest.mark.parametrize("attached", [True, False])
@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("keys", [True, False])
def test_a_user_with_anything_left_is_not_deleted(attached: bool, inline: bool, keys: bool) -> None:
    user = a_user(
        "alice",
        attached=(policy_arn(ACCOUNT, "/", "p"),) if attached else (),
        policies={"p": ALLOW_ALL} if inline else {},
        access_keys=(a_key("AKIA1"),) if keys else (),
    )
    expected = (
        "detach all policies"
        if attached
        else "delete policies"
        if inline
        else "delete access keys"
        if keys
        else None
    )
    deleted = users.delete_user(a_world(user), "alice")
    if expected is None:
        assert deleted == UserDeleted("alice")
    else:
        assert said(deleted) == ("DeleteConflict", f"Cannot delete entity, must {expected} first.")


def test_nobody_does_anything_to_an_unknown_user() -> None:
    world = a_world(ALICE)
    missing = ("NoSuchEntity", "The user with name nobody cannot be found.")
    assert said(users.find_user(world, "nobody")) == missing
    assert said(users.delete_user(world, "nobody")) == missing
    assert said(users.tag_user(world, "nobody", add=[("a", "b")])) == missing
    assert (
        said(users.update_user(world, "nobody", account_id=ACCOUNT, new_name="x", new_path=None)) == missing
    )
