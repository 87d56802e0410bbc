"""What clients ask before they delete a user, and what an account adds up to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.engine.api.iam.iam_api import IamApi
from tests.rules.iam.people import ALLOW_ALL, a_policy, a_user, a_world


@pytest.mark.parametrize(
    ("operation", "member"),
    [
        ("list_groups_for_user", "Groups"),
        ("list_mfa_devices", "MFADevices"),
        ("list_ssh_public_keys", "SSHPublicKeys"),
        ("list_signing_certificates", "Certificates"),
        ("list_service_specific_credentials", "ServiceSpecificCredentials"),
    ],
)
def test_a_user_has_none_of_what_there_is_not(operation: str, member: str) -> None:
    api = IamApi(a_world(a_user("alice")))
    assert getattr(api.iam, operation)(UserName="alice")[member] == []
    with api.refused("NoSuchEntity", "The user with name bob cannot be found.", 404):
        getattr(api.iam, operation)(UserName="bob")


@pytest.mark.parametrize(
    ("operation", "member"),
    [
        ("list_account_aliases", "AccountAliases"),
        ("list_groups", "Groups"),
        ("list_virtual_mfa_devices", "VirtualMFADevices"),
    ],
)
def test_an_account_has_none_of_what_there_is_not(operation: str, member: str) -> None:
    assert getattr(IamApi().iam, operation)()[member] == []


@pytest.mark.parametrize("operation", ["get_login_profile", "delete_login_profile"])
def test_nobody_has_a_password(operation: str) -> None:
    api = IamApi(a_world(a_user("alice")))
    with api.refused("NoSuchEntity", "Login Profile for User alice cannot be found.", 404):
        getattr(api.iam, operation)(UserName="alice")


def test_the_account_is_told_in_full() -> None:
    policy = a_policy("p", versions=("v1", "v2"), default="v2")
    alice = a_user("alice", tags={"a": "1"}, policies={"in": ALLOW_ALL}, attached=(policy.arn,))
    api = IamApi(a_world(alice, policy))
    told = api.iam.get_account_authorization_details()
    [user], [managed] = told["UserDetailList"], told["Policies"]
    assert user["UserPolicyList"] == [{"PolicyName": "in", "PolicyDocument": json.loads(ALLOW_ALL)}]
    assert user["AttachedManagedPolicies"] == [{"PolicyName": "p", "PolicyArn": policy.arn}]
    assert user["Tags"] == [{"Key": "a", "Value": "1"}]
    assert managed["AttachmentCount"] == 1
    versions = [
        (version["VersionId"], version["IsDefaultVersion"]) for version in managed["PolicyVersionList"]
    ]
    assert versions == [("v2", True), ("v1", False)]
    assert managed["PolicyVersionList"][0]["Document"] == json.loads(ALLOW_ALL)


def test_the_account_is_told_in_pages_and_parts() -> None:
    api = IamApi(a_world(a_user("alice"), a_user("bob"), a_policy("p")))

    def told(**asked: Any) -> list[int]:
        answer = api.iam.get_account_authorization_details(**asked)
        return [len(answer["UserDetailList"]), len(answer["Policies"])]

    assert told() == [2, 1]
    assert told(Filter=["User"]) == [2, 0]
    assert told(Filter=["AWSManagedPolicy", "Role"]) == [0, 0]
    first = api.iam.get_account_authorization_details(MaxItems=2)
    assert first["IsTruncated"]
    assert told(Marker=first["Marker"]) == [0, 1]


def test_the_account_is_summed_up() -> None:
    api = IamApi(a_world(a_user("alice"), a_user("bob"), a_policy("p")))
    summary = api.iam.get_account_summary()["SummaryMap"]
    assert (summary["Users"], summary["Policies"], summary["Groups"]) == (2, 1, 0)
    assert (summary["UsersQuota"], summary["AttachedPoliciesPerUserQuota"]) == (5000, 10)
