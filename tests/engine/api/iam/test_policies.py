"""Inline and managed policies, as boto3 has them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.engine.api.iam.iam_api import IamApi
from tests.rules.iam.people import ALLOW_ALL, a_policy, a_user, a_world

P = "arn:aws:iam::123456789012:policy/p"
GONE = "arn:aws:iam::123456789012:policy/gone"
READ = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
)
NO_GONE = ("NoSuchEntity", f"Policy {GONE} does not exist or is not attachable.", 404)


def test_an_inline_policy_is_written_read_replaced_and_deleted() -> None:
    api = IamApi(a_world(a_user("alice")))
    api.iam.put_user_policy(UserName="alice", PolicyName="read", PolicyDocument=READ)
    read = api.iam.get_user_policy(UserName="alice", PolicyName="read")
    assert (read["UserName"], read["PolicyName"]) == ("alice", "read")
    assert read["PolicyDocument"] == json.loads(READ)
    api.iam.put_user_policy(UserName="alice", PolicyName="read", PolicyDocument=ALLOW_ALL)
    assert api.world.users["alice"].policies == {"read": ALLOW_ALL}
    assert api.iam.list_user_policies(UserName="alice")["PolicyNames"] == ["read"]
    api.iam.delete_user_policy(UserName="alice", PolicyName="read")
    assert api.iam.list_user_policies(UserName="alice")["PolicyNames"] == []


def test_a_managed_policy_is_made_described_and_deleted() -> None:
    api = IamApi()
    made = api.iam.create_policy(
        PolicyName="read",
        Path="/ops/",
        PolicyDocument=READ,
        Description="reads",
        Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}],
    )["Policy"]
    assert re.fullmatch("ANPA[A-Z2-7]{17}", made["PolicyId"])
    assert made["Arn"] == "arn:aws:iam::123456789012:policy/ops/read"
    assert (made["DefaultVersionId"], made["AttachmentCount"], made["IsAttachable"]) == ("v1", 0, True)
    assert "Description" not in made
    assert api.iam.get_policy(PolicyArn=made["Arn"])["Policy"] == made | {"Description": "reads"}

    listed = api.iam.list_policies(Scope="Local")["Policies"]
    assert listed == [{name: value for name, value in made.items() if name != "Tags"}]
    api.iam.untag_policy(PolicyArn=made["Arn"], TagKeys=["a"])
    api.iam.tag_policy(PolicyArn=made["Arn"], Tags=[{"Key": "b", "Value": ""}])
    assert api.iam.list_policy_tags(PolicyArn=made["Arn"])["Tags"] == [
        {"Key": "A", "Value": "2"},
        {"Key": "b", "Value": ""},
    ]
    api.iam.delete_policy(PolicyArn=made["Arn"])
    assert api.iam.list_policies()["Policies"] == []


def test_policies_are_listed_by_scope_path_and_use() -> None:
    used = a_policy("used", "/ops/")
    api = IamApi(a_world(used, a_policy("idle"), a_user("alice", attached=(used.arn,))))

    def names(**asked: Any) -> list[str]:
        return [policy["PolicyName"] for policy in api.iam.list_policies(**asked)["Policies"]]

    assert names() == ["idle", "used"]
    assert names(Scope="AWS") == []
    assert names(OnlyAttached=True) == ["used"]
    assert names(PathPrefix="/ops/") == ["used"]
    assert names(PolicyUsageFilter="PermissionsBoundary") == []
    assert api.iam.get_policy(PolicyArn=used.arn)["Policy"]["AttachmentCount"] == 1


def test_a_policy_is_attached_listed_on_both_sides_and_detached() -> None:
    api = IamApi(a_world(a_user("alice", "/ops/"), a_policy("p"), a_policy("q", "/x/")))
    for _ in range(2):
        api.iam.attach_user_policy(UserName="alice", PolicyArn=P)
    assert len(api.worlds.changes) == 1
    api.iam.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::123456789012:policy/x/q")
    attached = api.iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"]
    assert attached[0] == {"PolicyName": "p", "PolicyArn": P}
    under = api.iam.list_attached_user_policies(UserName="alice", PathPrefix="/x/")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in under] == ["q"]

    holders = api.iam.list_entities_for_policy(PolicyArn=P)
    assert holders["PolicyUsers"] == [{"UserName": "alice", "UserId": a_user("alice").id}]
    assert (holders["PolicyGroups"], holders["PolicyRoles"]) == ([], [])
    for nobody in (
        {"EntityFilter": "Role"},
        {"PathPrefix": "/x/"},
        {"PolicyUsageFilter": "PermissionsBoundary"},
    ):
        assert api.iam.list_entities_for_policy(PolicyArn=P, **nobody)["PolicyUsers"] == []

    api.iam.detach_user_policy(UserName="alice", PolicyArn=P)
    with api.refused("NoSuchEntity", f"Policy {P} was not found.", 404):
        api.iam.detach_user_policy(UserName="alice", PolicyArn=P)


def test_tags_are_told_in_the_order_given_and_where_there_are_none_too() -> None:
    api = IamApi(a_world(a_policy("p")))
    assert api.iam.get_policy(PolicyArn=P)["Policy"]["Tags"] == []
    tags = [{"Key": "b", "Value": "1"}, {"Key": "a", "Value": "2"}]
    made = api.iam.create_policy(PolicyName="q", PolicyDocument=READ, Tags=tags)["Policy"]
    assert made["Tags"] == tags == api.iam.get_policy(PolicyArn=made["Arn"])["Policy"]["Tags"]


def test_versions_are_made_read_chosen_and_deleted() -> None:
    api = IamApi(a_world(a_policy("p")))
    api.ports.clock.instant += 60
    second = api.iam.create_policy_version(PolicyArn=P, PolicyDocument=READ)["PolicyVersion"]
    assert (second["VersionId"], second["IsDefaultVersion"]) == ("v2", False)
    third = api.iam.create_policy_version(PolicyArn=P, PolicyDocument=READ, SetAsDefault=True)[
        "PolicyVersion"
    ]
    assert (third["VersionId"], third["IsDefaultVersion"]) == ("v3", True)
    read = api.iam.get_policy_version(PolicyArn=P, VersionId="v2")["PolicyVersion"]
    assert read["Document"] == json.loads(READ)
    versions = api.iam.list_policy_versions(PolicyArn=P)["Versions"]
    assert [version["VersionId"] for version in versions] == ["v3", "v2", "v1"]
    first_page = api.iam.list_policy_versions(PolicyArn=P, MaxItems=1)
    rest = api.iam.list_policy_versions(PolicyArn=P, Marker=first_page["Marker"])
    assert first_page["Versions"] + rest["Versions"] == versions

    api.iam.set_default_policy_version(PolicyArn=P, VersionId="v1")
    policy = api.iam.get_policy(PolicyArn=P)["Policy"]
    assert policy["DefaultVersionId"] == "v1"
    assert (policy["UpdateDate"] - policy["CreateDate"]).total_seconds() == 60
    for version in ("v2", "v3"):
        api.iam.delete_policy_version(PolicyArn=P, VersionId=version)
    fourth = api.iam.create_policy_version(PolicyArn=P, PolicyDocument=READ)["PolicyVersion"]
    assert fourth["VersionId"] == "v4"


@pytest.mark.parametrize(
    ("operation", "parameters", "refusal"),
    [
        (
            "put_user_policy",
            {"UserName": "bob", "PolicyName": "p", "PolicyDocument": "{"},
            ("NoSuchEntity", "The user with name bob cannot be found.", 404),
        ),
        (
            "get_user_policy",
            {"UserName": "alice", "PolicyName": "none"},
            ("NoSuchEntity", "The user policy with name none cannot be found.", 404),
        ),
        (
            "delete_user_policy",
            {"UserName": "alice", "PolicyName": "none"},
            ("NoSuchEntity", "The user policy with name none cannot be found.", 404),
        ),
        ("get_policy", {"PolicyArn": GONE}, ("NoSuchEntity", f"Policy {GONE} was not found.", 404)),
        (
            "get_policy",
            {"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
            (
                "NoSuchEntity",
                "Policy arn:aws:iam::aws:policy/AdministratorAccess was not found.",
                404,
            ),
        ),
        (
            "get_policy",
            {"PolicyArn": "arn:aws:s3:::bucket/object"},
            ("InvalidInput", "ARN arn:aws:s3:::bucket/object is not valid.", 400),
        ),
        ("attach_user_policy", {"UserName": "alice", "PolicyArn": GONE}, NO_GONE),
        ("delete_policy", {"PolicyArn": GONE}, NO_GONE),
        ("list_policy_versions", {"PolicyArn": GONE}, NO_GONE),
        ("list_policy_tags", {"PolicyArn": GONE}, NO_GONE),
        (
            "untag_policy",
            {"PolicyArn": GONE, "TagKeys": ["a"]},
            ("NoSuchEntity", f"Policy {GONE} was not found.", 404),
        ),
        (
            "get_policy_version",
            {"PolicyArn": GONE, "VersionId": "v1"},
            ("NoSuchEntity", f"Policy {GONE} version v1 does not exist or is not attachable.", 404),
        ),
        ("list_entities_for_policy", {"PolicyArn": GONE}, NO_GONE),
        ("create_policy_version", {"PolicyArn": GONE, "PolicyDocument": READ}, NO_GONE),
        (
            "get_policy_version",
            {"PolicyArn": P, "VersionId": "v9"},
            ("NoSuchEntity", f"Policy {P} version v9 does not exist or is not attachable.", 404),
        ),
        (
            "delete_policy_version",
            {"PolicyArn": P, "VersionId": "v1"},
            ("DeleteConflict", "Cannot delete the default version of a policy.", 409),
        ),
        (
            "delete_policy",
            {"PolicyArn": P},
            ("DeleteConflict", "Cannot delete a policy attached to entities.", 409),
        ),
        (
            "create_policy",
            {"PolicyName": "P", "PolicyDocument": READ},
            (
                "EntityAlreadyExists",
                "A policy called P already exists. Duplicate names are not allowed.",
                409,
            ),
        ),
    ],
)
def test_a_refused_call_changes_nothing(
    operation: str, parameters: dict[str, object], refusal: tuple[str, str, int]
) -> None:
    policy = a_policy("p")
    api = IamApi(a_world(policy, a_user("alice", attached=(policy.arn,))))
    with api.refused(*refusal):
        getattr(api.iam, operation)(**parameters)
