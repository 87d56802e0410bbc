"""What clients ask before they delete a user, and what an account adds up to."""

from __future__ import annotations

import pytest

from tests.engine.api.iam.iam_api import IamApi
from tests.rules.iam.people import a_policy, a_user, a_world


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


@pytest.mark.parametrize("operation", ["get_login_profile", "delete_login_profile"])
def test_nobody_has_a_password(operation: str) -> None:
    api = IamApi(a_world(a_user("alice")))
    with api.refused("NoSuchEntity", "Login Profile for User alice cannot be found.", 404):
        getattr(api.iam, operation)(UserName="alice")


def test_the_account_is_summed_up() -> None:
    api = IamApi(a_world(a_user("alice"), a_user("bob"), a_policy("p")))
    assert api.iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []
    summary = api.iam.get_account_summary()["SummaryMap"]
    assert (summary["Users"], summary["Policies"], summary["Groups"]) == (2, 1, 0)
    assert (summary["UsersQuota"], summary["AttachedPoliciesPerUserQuota"]) == (5000, 10)
