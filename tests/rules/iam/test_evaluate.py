"""The truth table of rules/iam/evaluate.py, row by row."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.rules.iam.document import parse_document
from stillup.rules.iam.evaluate import Kind, Request, ServicePrincipal, Source, evaluate, missing_keys
from stillup.rules.iam.identity import Principal, PrincipalKind, User
from stillup.rules.iam.policy import Policy
from stillup.rules.ids import Arn
from stillup.rules.topics.policy import parse_topic_policy

ACCOUNT = "123456789012"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"
ALICE_ARN = f"arn:aws:iam::{ACCOUNT}:user/ops/alice"
ALICE = Principal(PrincipalKind.USER, ACCOUNT, User("alice", "AIDAALICE0000000", Arn(ALICE_ARN), 0, "/ops/"))
ROOT = Principal(PrincipalKind.ROOT, ACCOUNT)
ANYBODY = Principal(PrincipalKind.ANONYMOUS, ACCOUNT)
CLOUDWATCH = ServicePrincipal("cloudwatch.amazonaws.com")
Fields = dict[str, object]
ALLOW: Fields = {"Effect": "Allow", "Action": "sns:Publish", "Resource": TOPIC}
DENY: Fields = ALLOW | {"Effect": "Deny"}


def identity(*statements: Fields) -> Policy:
    parsed = parse_document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    assert isinstance(parsed, Policy), parsed
    return parsed


def of_topic(principal: object, statement: Fields = ALLOW, element: str = "Principal") -> Policy:
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement | {element: principal}]})
    parsed = parse_topic_policy(text)
    assert isinstance(parsed, Policy), parsed
    return parsed


@pytest.mark.parametrize(
    ("caller", "own", "topic", "kind"),
    [
        (ROOT, None, of_topic("*", DENY), Kind.EXPLICIT_DENY),
        (ALICE, ALLOW, of_topic("*", DENY), Kind.EXPLICIT_DENY),
        (ANYBODY, None, of_topic("*", DENY), Kind.EXPLICIT_DENY),
        (ALICE, ALLOW, of_topic({"AWS": ACCOUNT}, DENY), Kind.EXPLICIT_DENY),
        (ALICE, DENY, of_topic({"AWS": ALICE_ARN}), Kind.EXPLICIT_DENY),
        (ROOT, None, None, Kind.ALLOWED),
        (ROOT, DENY, None, Kind.ALLOWED),
        (ALICE, ALLOW, None, Kind.ALLOWED),
        (ALICE, None, of_topic("*"), Kind.ALLOWED),
        (ALICE, None, of_topic({"AWS": ALICE_ARN}), Kind.ALLOWED),
        (ALICE, None, of_topic({"AWS": "AIDAALICE0000000"}), Kind.ALLOWED),
        (ALICE, None, of_topic({"AWS": [ACCOUNT, ALICE_ARN]}), Kind.ALLOWED),
        (ALICE, None, of_topic({"AWS": ACCOUNT}), Kind.IMPLICIT_DENY),
        (ALICE, None, of_topic({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), Kind.IMPLICIT_DENY),
        (ALICE, ALLOW, of_topic({"AWS": ACCOUNT}), Kind.ALLOWED),
        (ALICE, None, of_topic({"AWS": f"arn:aws:iam::{ACCOUNT}:user/ops/bob"}), Kind.IMPLICIT_DENY),
        (ANYBODY, None, of_topic("*"), Kind.ALLOWED),
        (ANYBODY, None, of_topic({"AWS": "*"}), Kind.ALLOWED),
        (ANYBODY, None, of_topic({"AWS": ACCOUNT}), Kind.IMPLICIT_DENY),
        (ANYBODY, ALLOW, None, Kind.IMPLICIT_DENY),
        (CLOUDWATCH, None, of_topic({"Service": "cloudwatch.amazonaws.com"}), Kind.ALLOWED),
        (CLOUDWATCH, None, of_topic("*"), Kind.ALLOWED),
        (CLOUDWATCH, None, of_topic({"Service": "events.amazonaws.com"}), Kind.IMPLICIT_DENY),
        (CLOUDWATCH, None, of_topic({"AWS": ACCOUNT}), Kind.IMPLICIT_DENY),
        (ALICE, None, None, Kind.IMPLICIT_DENY),
        (ALICE, None, of_topic({"AWS": "999999999999"}, element="NotPrincipal"), Kind.ALLOWED),
        (ALICE, ALLOW, of_topic({"AWS": ALICE_ARN}, DENY, "NotPrincipal"), Kind.ALLOWED),
        (ALICE, ALLOW, of_topic({"AWS": ACCOUNT}, DENY, "NotPrincipal"), Kind.EXPLICIT_DENY),
        (ANYBODY, None, of_topic({"AWS": ACCOUNT}, element="NotPrincipal"), Kind.ALLOWED),
    ],
)
def test_who_may_publish(
    caller: Principal | ServicePrincipal, own: Fields | None, topic: Policy | None, kind: Kind
) -> None:
    policies = () if own is None else (identity(own),)
    assert evaluate(Request(caller, "sns:Publish", TOPIC), policies, topic).kind is kind


def but_for(statement: Fields, field: str, excepted: object) -> Fields:
    return {key: value for key, value in statement.items() if key != field} | {f"Not{field}": excepted}


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        (ALLOW | {"Action": "*"}, True),
        (ALLOW | {"Action": "SNS:publish"}, True),
        (ALLOW | {"Action": ["s3:*", "sns:Pub*"]}, True),
        (ALLOW | {"Action": "sns:Publis?"}, True),
        (ALLOW | {"Action": "sns:Publi?"}, False),
        (ALLOW | {"Action": "s3:*"}, False),
        (but_for(ALLOW, "Action", "sns:Subscribe"), True),
        (but_for(ALLOW, "Action", ["sns:Subscribe", "sns:P*"]), False),
        (ALLOW | {"Resource": "*"}, True),
        (ALLOW | {"Resource": "arn:aws:sns:*:*:alerts"}, True),
        (ALLOW | {"Resource": "arn:aws:sns:*:*:ALERTS"}, False),
        (ALLOW | {"Resource": "arn:aws:sns:us-west-2:*:alerts"}, False),
        (but_for(ALLOW, "Resource", "arn:aws:s3:::*"), True),
        (but_for(ALLOW, "Resource", "arn:aws:sns:*:*:*"), False),
    ],
)
def test_what_a_statement_is_about(statement: Fields, allowed: bool) -> None:
    decision = evaluate(Request(ALICE, "sns:Publish", TOPIC), (identity(statement),))
    assert decision.is_allowed is allowed


def test_an_action_without_resources_is_covered_by_a_star_only() -> None:
    everywhere = Request(ALICE, "sns:ListTopics", "*")
    for resource, allowed in (("*", True), ("arn:aws:sns:*:*:*", False)):
        own = identity({"Effect": "Allow", "Action": "sns:ListTopics", "Resource": resource})
        assert evaluate(everywhere, (own,)).is_allowed is allowed


def test_root_gets_at_the_policy_of_a_bucket_that_denies_everybody() -> None:
    deny: Fields = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    for action, allowed in (("s3:PutBucketPolicy", True), ("s3:GetObject", False)):
        request = Request(ROOT, action, "arn:aws:s3:::b")
        assert evaluate(request, (), of_topic("*", deny)).is_allowed is allowed


def test_a_decision_names_its_statements() -> None:
    read = identity(ALLOW | {"Sid": "one"}, ALLOW | {"Action": "s3:*"})
    more = identity(ALLOW | {"Sid": "two"})
    allowed = evaluate(Request(ALICE, "sns:Publish", TOPIC), (read, more), of_topic("*"))
    assert [(each.source, each.policy) for each in allowed.matched] == [
        (Source.RESOURCE, 0),
        (Source.IDENTITY, 0),
        (Source.IDENTITY, 1),
    ]
    denied = evaluate(Request(ALICE, "sns:Publish", TOPIC), (read, identity(DENY | {"Sid": "no"})))
    assert [each.statement.sid for each in denied.matched] == ["no"]


def test_the_keys_that_a_request_lacks_are_named() -> None:
    condition = {
        "StringEquals": {"aws:PrincipalTag/team": "${aws:PrincipalTag/other}", "aws:username": "alice"}
    }
    own = identity(
        ALLOW | {"Condition": condition}, ALLOW | {"Action": "s3:*", "Condition": {"Null": {"x:y": "true"}}}
    )
    request = Request(ALICE, "sns:Publish", TOPIC, {"aws:username": ("alice",)})
    assert missing_keys(request, [own]) == ("aws:PrincipalTag/team", "aws:principaltag/other")


ANY_STATEMENT = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.sampled_from(["*", "sns:*", "sns:Publish", "s3:*"]),
        "Resource": st.sampled_from(["*", TOPIC, "arn:aws:sns:*", "arn:aws:s3:::b"]),
    }
)
STATEMENTS = st.lists(ANY_STATEMENT, min_size=1, max_size=4)
REQUEST = Request(ALICE, "sns:Publish", TOPIC)


@settings(max_examples=60)
@given(STATEMENTS)
def test_a_deny_always_wins(statements: list[Fields]) -> None:
    assert evaluate(REQUEST, (identity(*statements, DENY),)).kind is Kind.EXPLICIT_DENY
    assert (
        evaluate(REQUEST, (identity(DENY), identity(*statements)), of_topic("*")).kind is Kind.EXPLICIT_DENY
    )


@settings(max_examples=60)
@given(STATEMENTS, ANY_STATEMENT)
def test_another_allow_never_takes_anything_away(statements: list[Fields], another: Fields) -> None:
    before = evaluate(REQUEST, (identity(*statements),)).is_allowed
    after = evaluate(REQUEST, (identity(*statements, another | {"Effect": "Allow"}),)).is_allowed
    assert after or not before
