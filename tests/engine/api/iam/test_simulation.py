"""Simulations, as boto3 has them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stillup.rules.refusal import Refusal
from stillup.rules.topics.policy import parse_topic_policy
from tests.engine.api.iam.iam_api import IamApi
from tests.rules.iam.people import ACCOUNT, a_policy, a_user, a_world

ALICE = "arn:aws:iam::123456789012:user/ops/alice"
PAGE = "arn:aws:s3:::www/index.html"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


READ = document(allow("s3:GetObject", "arn:aws:s3:::www/*"))
NOT_DELETE = document({**allow("s3:DeleteObject"), "Effect": "Deny"}, allow("s3:Delete*"))


def an_api() -> IamApi:
    keep = a_policy("keep", document=NOT_DELETE)
    return IamApi(a_world(a_user("alice", "/ops/", policies={"read": READ}, attached=(keep.arn,)), keep))


def test_each_action_is_weighed_on_each_resource() -> None:
    api = an_api()
    results = api.iam.simulate_principal_policy(
        PolicySourceArn=ALICE,
        ActionNames=["s3:GetObject", "s3:DeleteObject"],
        ResourceArns=[PAGE, "arn:aws:s3:::other/index.html"],
    )["EvaluationResults"]
    assert [
        (result["EvalActionName"], result["EvalResourceName"], result["EvalDecision"]) for result in results
    ] == [
        ("s3:GetObject", PAGE, "allowed"),
        ("s3:GetObject", "arn:aws:s3:::other/index.html", "implicitDeny"),
        ("s3:DeleteObject", PAGE, "explicitDeny"),
        ("s3:DeleteObject", "arn:aws:s3:::other/index.html", "explicitDeny"),
    ]
    inline = [{"SourcePolicyId": "user_alice_read", "SourcePolicyType": "IAM Policy"}]
    assert results[0]["MatchedStatements"] == inline
    assert results[0]["ResourceSpecificResults"] == [
        {
            "EvalResourceName": PAGE,
            "EvalResourceDecision": "allowed",
            "MatchedStatements": inline,
            "MissingContextValues": [],
        }
    ]
    assert results[1]["MatchedStatements"] == []
    assert results[2]["MatchedStatements"] == [{"SourcePolicyId": "keep", "SourcePolicyType": "IAM Policy"}]


def test_without_resources_everything_is_meant() -> None:
    api = an_api()
    given = document(allow("route53:GetChange"))
    [result] = api.iam.simulate_principal_policy(
        PolicySourceArn=ALICE, ActionNames=["route53:GetChange"], PolicyInputList=[given]
    )["EvaluationResults"]
    assert result == {
        "EvalActionName": "route53:GetChange",
        "EvalResourceName": "*",
        "EvalDecision": "allowed",
        "MatchedStatements": [{"SourcePolicyId": "PolicyInputList.1", "SourcePolicyType": "IAM Policy"}],
        "MissingContextValues": [],
    }


def test_conditions_are_weighed_with_what_is_given_and_who_calls() -> None:
    api = an_api()
    condition = {
        "StringEquals": {"aws:username": "alice"},
        "IpAddress": {"aws:SourceIp": "192.0.2.0/24"},
    }
    given = document(allow("sns:Publish", Condition=condition))

    def simulate(*addresses: str) -> tuple[str, list[str]]:
        entries = [
            {"ContextKeyName": "aws:SourceIp", "ContextKeyValues": [address], "ContextKeyType": "ip"}
            for address in addresses
        ]
        [result] = api.iam.simulate_principal_policy(
            PolicySourceArn=ALICE,
            ActionNames=["sns:Publish"],
            PolicyInputList=[given],
            ContextEntries=entries,
        )["EvaluationResults"]
        return result["EvalDecision"], result["MissingContextValues"]

    assert simulate("192.0.2.7") == ("allowed", [])
    assert simulate("198.51.100.7") == ("implicitDeny", [])
    assert simulate() == ("implicitDeny", ["aws:SourceIp"])


def test_a_bucket_policy_is_weighed_for_its_caller() -> None:
    api = an_api()
    bucket_policy = document(
        {**allow("s3:PutObject", "arn:aws:s3:::www/*"), "Principal": {"AWS": ALICE}, "Effect": "Allow"}
    )
    asked = {"PolicyInputList": [READ], "ActionNames": ["s3:PutObject"], "ResourcePolicy": bucket_policy}
    [result] = api.iam.simulate_custom_policy(CallerArn=ALICE, ResourceArns=[PAGE], **asked)[
        "EvaluationResults"
    ]
    assert (result["EvalDecision"], result["MatchedStatements"]) == (
        "allowed",
        [{"SourcePolicyId": "ResourcePolicy", "SourcePolicyType": "Resource Policy"}],
    )
    with api.refused("InvalidInput", "Invalid caller - Caller cannot be null or empty.", 400):
        api.iam.simulate_custom_policy(ResourceArns=[PAGE], **asked)
    with api.refused("InvalidInput", f"There are no policies of {ALICE} to be simulated.", 400):
        api.iam.simulate_custom_policy(CallerArn=ALICE, ResourceArns=[ALICE], **asked)


def test_a_topic_policy_is_weighed_too() -> None:
    api = an_api()
    topic = "arn:aws:sns:us-east-1:123456789012:alerts"
    topic_policy = document({**allow("sns:Publish", topic), "Principal": {"AWS": ALICE}})
    asked = {"PolicyInputList": [READ], "ActionNames": ["sns:Publish"], "ResourceArns": [topic]}
    [result] = api.iam.simulate_custom_policy(CallerArn=ALICE, ResourcePolicy=topic_policy, **asked)[
        "EvaluationResults"
    ]
    assert result["EvalDecision"] == "allowed"
    malformed = parse_topic_policy("{")
    assert isinstance(malformed, Refusal)
    with api.refused("InvalidInput", malformed.message, 400):
        api.iam.simulate_custom_policy(CallerArn=ALICE, ResourcePolicy="{", **asked)


def test_results_come_in_pages() -> None:
    api = an_api()
    pages = api.iam.get_paginator("simulate_custom_policy").paginate(
        PolicyInputList=[READ],
        ActionNames=["s3:GetObject", "s3:PutObject"],
        ResourceArns=[PAGE, "*"],
        PaginationConfig={"PageSize": 3},
    )
    sizes = [len(page["EvaluationResults"]) for page in pages]
    assert sizes == [3, 1]


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        (
            {"PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:root"},
            (
                "InvalidInput",
                (
                    "Invalid Entity Arn: arn:aws:iam::123456789012:root does not clearly define entity type and "
                    "name."
                ),
            ),
        ),
        (
            {"PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:user/bob"},
            ("NoSuchEntity", "The user with name bob cannot be found."),
        ),
        (
            {"PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:user/alice"},
            ("NoSuchEntity", "The user with name alice cannot be found."),
        ),
        ({"PolicyInputList": ["{"]}, ("InvalidInput", "Syntax errors in policy.")),
        (
            {"PermissionsBoundaryPolicyInputList": [READ]},
            ("InvalidInput", "PermissionsBoundaryPolicyInputList is not supported by this engine."),
        ),
        ({"Marker": "x"}, ("ValidationError", "Invalid Marker.")),
    ],
)
def test_what_cannot_be_simulated_is_refused(parameters: dict[str, Any], refusal: tuple[str, str]) -> None:
    api = an_api()
    asked = {"PolicySourceArn": ALICE, "ActionNames": ["s3:GetObject"], **parameters}
    with api.refused(*refusal):
        api.iam.simulate_principal_policy(**asked)
