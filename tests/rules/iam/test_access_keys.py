"""Access keys: two at most, switched and deleted by their owner's name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.changes import UserPut
from stillup.rules.iam import access_keys
from tests.rules.iam.people import a_key, a_user, a_world, after, said

ALICE = a_user("alice", access_keys=(a_key("AKIAALICE"),))
BOB = a_user("bob", access_keys=(a_key("AKIABOB"),))
WORLD = a_world(ALICE, BOB)


def test_a_third_key_is_refused_even_if_one_is_inactive() -> None:
    second = after(WORLD, access_keys.create_access_key(WORLD, "alice", a_key("AKIA2")))
    switched = after(second, access_keys.update_access_key(second, "alice", "AKIA2", status="Inactive"))
    assert [key.id for key in switched.users["alice"].access_keys] == ["AKIAALICE", "AKIA2"]
    assert said(access_keys.create_access_key(switched, "alice", a_key("AKIA3"))) == (
        "LimitExceeded",
        "Cannot exceed quota for AccessKeysPerUser: 2",
    )


@pytest.mark.parametrize(("status", "active"), [("Active", True), ("Inactive", False)])
def test_a_key_is_switched(status: str, active: bool) -> None:
    switched = access_keys.update_access_key(WORLD, "alice", "AKIAALICE", status=status)
    assert switched == UserPut(replace(ALICE, access_keys=(a_key("AKIAALICE", is_active=active),)))


def test_no_key_is_made_to_expire() -> None:
    expired = access_keys.update_access_key(WORLD, "alice", "AKIAALICE", status="Expired")
    assert said(expired) == ("InvalidInput", "The status of an access key cannot be set to Expired.")


def test_a_deleted_key_is_gone() -> None:
    assert access_keys.delete_access_key(WORLD, "alice", "AKIAALICE") == UserPut(
        replace(ALICE, access_keys=())
    )


@pytest.mark.parametrize(
    ("user", "key", "text"),
    [
        ("nobody", "AKIAALICE", "The user with name nobody cannot be found."),
        ("alice", "AKIANONE", "The Access Key with id AKIANONE cannot be found."),
        ("alice", "AKIABOB", "The Access Key with id AKIABOB cannot be found."),
    ],
)
def test_nobody_touches_a_key_of_somebody_else(user: str, key: str, text: str) -> None:
    missing = ("NoSuchEntity", text)
    assert said(access_keys.update_access_key(WORLD, user, key, status="Inactive")) == missing
    assert said(access_keys.delete_access_key(WORLD, user, key)) == missing


def test_a_key_leads_to_its_owner() -> None:
    assert access_keys.find_owner(WORLD, "AKIABOB") == BOB
    assert access_keys.find_owner(WORLD, "AKIANONE") is None
