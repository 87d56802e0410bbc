import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.buckets.policy import parse_policy
from stillup.rules.iam.policy import Condition, Effect, Policy, Principals
from stillup.rules.ids import BucketName
from stillup.rules.refusal import Refusal

BUCKET = BucketName("www.example.com")
STATEMENT = {
    "Sid": "PublicReadGetObject",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::www.example.com/*",
}


def text(**changes: object) -> str:
    statement = {k: v for k, v in (STATEMENT | changes).items() if v is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def reason(policy: str) -> str:
    refused = parse_policy(policy, BUCKET)
    assert isinstance(refused, Refusal), refused
    assert refused.code == "MalformedPolicy"
    return refused.message


def test_the_guides_policy_is_valid() -> None:
    policy = parse_policy(text(), BUCKET)
    assert isinstance(policy, Policy)
    (statement,) = policy.statements
    assert statement.effect is Effect.ALLOW
    assert statement.principals == Principals(("*",))
    assert statement.resources.values == ("arn:aws:s3:::www.example.com/*",)


def test_one_statement_needs_no_list() -> None:
    assert isinstance(parse_policy(json.dumps({"Statement": STATEMENT}), BUCKET), Policy)


def test_conditions_are_read_whatever_the_type_of_their_values() -> None:
    policy = parse_policy(text(Condition={"Bool": {"aws:SecureTransport": False}}), BUCKET)
    assert isinstance(policy, Policy)
    assert policy.statements[0].conditions == (Condition("Bool", "aws:SecureTransport", ("false",)),)


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("", "Policies must be valid JSON and the first byte must be '{'"),
        ("[]", "Policies must be valid JSON and the first byte must be '{'"),
        ("{", "This policy contains invalid Json"),
        ('{"Version": "2012-10-17", "Version": "2012-10-17"}', "This policy contains invalid Json"),
        ('{"Version": "2012-10-17"}', "Missing required field Statement"),
        ('{"Version": "2020-01-01", "Statement": []}', "The policy must contain a valid version string"),
        ('{"Statement": []}', "Could not parse the policy: Statement is empty!"),
        ('{"Statement": "x"}', "Invalid policy syntax."),
        ('{"Statements": []}', "Unknown field Statements"),
        (text(Effect=None), "Missing required field Effect"),
        (text(Effect="allow"), "Invalid effect: allow"),
        (text(Principal=None), "Missing required field Principal"),
        (text(Principal="alice"), "Invalid principal in policy"),
        (text(Principal={"AWS": "alice"}), "Invalid principal in policy"),
        (text(Principal={"Who": "*"}), "Invalid principal in policy"),
        (text(NotPrincipal="*"), "Invalid policy syntax."),
        (text(NotAction="s3:PutObject"), "Invalid policy syntax."),
        (text(NotResource="arn:aws:s3:::www.example.com/*"), "Invalid policy syntax."),
        (text(Action=None), "Missing required field Action"),
        (text(Action="GetObject"), "Policy has invalid action"),
        (text(Action="ec2:RunInstances"), "Policy has invalid action"),
        (text(Resource=None), "Missing required field Resource"),
        (text(Resource="arn:aws:s3:::example.com/*"), "Policy has invalid resource"),
        (text(Resource="www.example.com/*"), "Policy has invalid resource"),
        (text(Resource=["arn:aws:s3:::www.example.com/*", 1]), "Invalid policy syntax."),
        (
            text(Resource="arn:aws:s3:::www.example.com"),
            "Action does not apply to any resource(s) in statement",
        ),
        (text(Action="s3:ListBucket"), "Action does not apply to any resource(s) in statement"),
        (text(Condition=[]), "Invalid policy syntax."),
        (text(Condition={"StringEquals": {"aws:SourceVpc": {}}}), "Invalid policy syntax."),
        (text(Condition={"StringIs": {"aws:SourceVpc": "x"}}), "Invalid Condition type : StringIs"),
        (text(Condition={"IpAddress": {"aws:SourceIp": "here"}}), "Invalid policy syntax."),
        (text(Extra="x"), "Unknown field Extra"),
        (
            json.dumps({"Statement": [STATEMENT, STATEMENT]}),
            "Statement IDs (SID) in a single policy must be unique.",
        ),
        (text(Sid="x" * 20_480), "Policy exceeds the maximum allowed document size of 20480 bytes"),
    ],
)
def test_a_policy_that_is_none_is_refused_with_s3s_reason(policy: str, message: str) -> None:
    assert reason(policy) == message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["*", "s3:*", "Allow"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*STATEMENT, "Condition", "NotAction", "Version", "AWS"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.one_of(st.text(), JSON.map(json.dumps)))
def test_any_text_is_a_policy_or_refused(policy: str) -> None:
    assert isinstance(parse_policy(policy, BUCKET), Policy | Refusal)


@given(JSON, st.sampled_from([*STATEMENT, "Condition", "NotResource"]))
def test_any_value_in_any_field_is_a_policy_or_refused(value: object, field: str) -> None:
    assert isinstance(parse_policy(text(**{field: value}), BUCKET), Policy | Refusal)


def test_nesting_without_end_is_refused() -> None:
    assert reason('{"Statement":' + "[" * 20_000) == "This policy contains invalid Json"
