"""Users and their tags, as boto3 has them."""

from __future__ import annotations

import re

import pytest

from stillup.rules.iam.identity import Principal, PrincipalKind
from tests.engine.api.iam.iam_api import IamApi
from tests.rules.iam.people import a_key, a_user, a_world

NO_BOB = ("NoSuchEntity", "The user with name bob cannot be found.", 404)


def tags(**spelled: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in spelled.items()]


def test_a_user_is_made_read_renamed_and_deleted() -> None:
    api = IamApi()
    made = api.iam.create_user(UserName="alice", Path="/ops/", Tags=tags(team="a"))["User"]
    assert re.fullmatch("AIDA[A-Z2-7]{17}", made["UserId"])
    assert made["Arn"] == "arn:aws:iam::123456789012:user/ops/alice"
    assert (made["Path"], made["Tags"]) == ("/ops/", tags(team="a"))
    assert api.iam.get_user(UserName="alice")["User"] == made
    assert made["CreateDate"].timestamp() == api.ports.clock.now()

    api.iam.update_user(UserName="alice", NewUserName="alicia", NewPath="/")
    moved = api.iam.get_user(UserName="alicia")["User"]
    assert moved == made | {
        "UserName": "alicia",
        "Path": "/",
        "Arn": "arn:aws:iam::123456789012:user/alicia",
    }

    api.iam.delete_user(UserName="alicia")
    assert api.iam.list_users()["Users"] == []


def test_without_a_name_a_user_gets_himself_and_root_the_account() -> None:
    api = IamApi(a_world(a_user("alice")))
    root = api.iam.get_user()["User"]
    assert root == {"UserId": "123456789012", "Arn": "arn:aws:iam::123456789012:root"}
    api.call_as("alice")
    assert api.iam.get_user()["User"]["UserName"] == "alice"


def test_users_are_listed_by_path_in_pages() -> None:
    api = IamApi(a_world(*(a_user(name, path) for name, path in (("c", "/x/"), ("a", "/x/y/"), ("b", "/")))))
    assert [user["UserName"] for user in api.iam.list_users(PathPrefix="/x/")["Users"]] == ["a", "c"]
    pages = list(api.iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 2}))
    assert [[user["UserName"] for user in page["Users"]] for page in pages] == [["a", "b"], ["c"]]
    assert [page["IsTruncated"] for page in pages] == [True, False]


def test_a_list_of_users_has_no_tags() -> None:
    """IAM's resource-listing operations return a subset of the attributes."""
    api = IamApi(a_world(a_user("alice", tags={"team": "a"})))
    assert "Tags" not in api.iam.list_users()["Users"][0]


def test_tags_are_told_apart_in_any_case_and_listed_in_order() -> None:
    api = IamApi(a_world(a_user("alice", tags={"team": "a", "env": "prod"})))
    api.iam.tag_user(UserName="alice", Tags=tags(TEAM="b"))
    assert api.iam.list_user_tags(UserName="alice")["Tags"] == tags(TEAM="b", env="prod")
    api.iam.untag_user(UserName="alice", TagKeys=["EnV", "never"])
    assert api.iam.list_user_tags(UserName="alice") | {"ResponseMetadata": None} == {
        "Tags": tags(TEAM="b"),
        "IsTruncated": False,
        "ResponseMetadata": None,
    }


@pytest.mark.parametrize(
    ("operation", "parameters", "refusal"),
    [
        (
            "create_user",
            {"UserName": "ALICE"},
            ("EntityAlreadyExists", "User with name ALICE already exists.", 409),
        ),
        (
            "create_user",
            {"UserName": "x", "PermissionsBoundary": "arn:aws:iam::123456789012:policy/p"},
            ("InvalidInput", "Permissions boundaries are not supported by this engine.", 400),
        ),
        (
            "create_user",
            {"UserName": "x", "Tags": [{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}]},
            (
                "InvalidInput",
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
                400,
            ),
        ),
        (
            "delete_user",
            {"UserName": "alice"},
            ("DeleteConflict", "Cannot delete entity, must delete access keys first.", 409),
        ),
        ("get_user", {"UserName": "bob"}, NO_BOB),
        ("update_user", {"UserName": "bob", "NewPath": "/x/"}, NO_BOB),
        ("delete_user", {"UserName": "bob"}, NO_BOB),
        ("tag_user", {"UserName": "bob", "Tags": tags(a="b")}, NO_BOB),
        ("untag_user", {"UserName": "bob", "TagKeys": ["a"]}, NO_BOB),
        ("list_user_tags", {"UserName": "bob"}, NO_BOB),
    ],
)
def test_a_refused_call_changes_nothing(
    operation: str, parameters: dict[str, object], refusal: tuple[str, str, int]
) -> None:
    api = IamApi(a_world(a_user("alice", access_keys=(a_key("AKIAALICE"),))))
    with api.refused(*refusal):
        getattr(api.iam, operation)(**parameters)


def test_everybody_is_told_who_he_is() -> None:
    api = IamApi(a_world(a_user("alice", "/ops/")))

    def identity() -> tuple[str, str, str]:
        told = api.sts.get_caller_identity()
        return told["UserId"], told["Account"], told["Arn"]

    assert identity() == ("123456789012", "123456789012", "arn:aws:iam::123456789012:root")
    api.call_as("alice")
    assert identity() == (a_user("alice").id, "123456789012", "arn:aws:iam::123456789012:user/ops/alice")
    api.caller = Principal(PrincipalKind.ANONYMOUS, "123456789012")
    with api.refused("MissingAuthenticationToken", "Request is missing Authentication Token", 403):
        api.sts.get_caller_identity()
