"""Access keys, as boto3 has them."""

from __future__ import annotations

import re

import pytest

from tests.engine.api.iam.iam_api import IamApi
from tests.rules.iam.people import a_key, a_user, a_world

NO_KEY = ("NoSuchEntity", "The Access Key with id AKIAIOSFODNN7BOBBOB cannot be found.", 404)
NOBODY = ("ValidationError", "Must specify userName when calling with non-User credentials", 400)
BOBS = "AKIAIOSFODNN7BOBBOB"
ALICES = "AKIAIOSFODNN7ALICES"


def test_a_key_is_made_shown_once_switched_and_deleted() -> None:
    api = IamApi(a_world(a_user("alice")))
    made = api.iam.create_access_key(UserName="alice")["AccessKey"]
    assert re.fullmatch("AKIA[A-Z2-7]{16}", made["AccessKeyId"])
    assert re.fullmatch("[A-Za-z0-9+/]{40}", made.pop("SecretAccessKey"))
    assert (made["UserName"], made["Status"]) == ("alice", "Active")
    assert api.iam.list_access_keys(UserName="alice")["AccessKeyMetadata"] == [made]
    assert api.world.has_had_access_keys

    api.iam.update_access_key(UserName="alice", AccessKeyId=made["AccessKeyId"], Status="Inactive")
    listed = api.iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]
    assert listed == [made | {"Status": "Inactive"}]

    api.iam.delete_access_key(UserName="alice", AccessKeyId=made["AccessKeyId"])
    assert api.iam.list_access_keys(UserName="alice")["AccessKeyMetadata"] == []


def test_a_user_manages_his_own_keys_without_saying_his_name() -> None:
    api = IamApi(a_world(a_user("alice")))
    api.call_as("alice")
    key = api.iam.create_access_key()["AccessKey"]["AccessKeyId"]
    api.iam.update_access_key(AccessKeyId=key, Status="Inactive")
    assert [each["Status"] for each in api.iam.list_access_keys()["AccessKeyMetadata"]] == ["Inactive"]
    api.iam.delete_access_key(AccessKeyId=key)
    assert api.world.users["alice"].access_keys == ()


def test_when_a_key_was_used_last_is_not_known() -> None:
    api = IamApi(a_world(a_user("alice", access_keys=(a_key(ALICES),))))
    told = api.iam.get_access_key_last_used(AccessKeyId=ALICES)
    assert told["UserName"] == "alice"
    assert told["AccessKeyLastUsed"] == {"ServiceName": "N/A", "Region": "N/A"}


@pytest.mark.parametrize(
    ("operation", "parameters", "refusal"),
    [
        (
            "create_access_key",
            {"UserName": "full"},
            ("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", 409),
        ),
        ("create_access_key", {}, NOBODY),
        ("list_access_keys", {}, NOBODY),
        ("update_access_key", {"AccessKeyId": ALICES, "Status": "Inactive"}, NOBODY),
        ("delete_access_key", {"AccessKeyId": ALICES}, NOBODY),
        ("update_access_key", {"UserName": "alice", "AccessKeyId": BOBS, "Status": "Inactive"}, NO_KEY),
        ("delete_access_key", {"UserName": "alice", "AccessKeyId": BOBS}, NO_KEY),
        (
            "get_access_key_last_used",
            {"AccessKeyId": BOBS},
            (
                "AccessDenied",
                (
                    "User: arn:aws:iam::123456789012:root is not authorized to perform iam:GetAccessKeyLastUsed "
                    f"on resource: access key {BOBS}"
                ),
                403,
            ),
        ),
    ],
)
def test_a_refused_call_changes_nothing(
    operation: str, parameters: dict[str, object], refusal: tuple[str, str, int]
) -> None:
    full = a_user("full", access_keys=(a_key("AKIA1"), a_key("AKIA2", is_active=False)))
    api = IamApi(a_world(full, a_user("alice", access_keys=(a_key(ALICES),))))
    with api.refused(*refusal):
        getattr(api.iam, operation)(**parameters)
