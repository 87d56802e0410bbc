"""IAM's reasons to refuse a policy, in IAM's order."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.rules.iam.document import MAX_DOCUMENT, parse_document
from stillup.rules.iam.policy import Effect, Policy
from stillup.rules.refusal import Refusal

VALID = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::example"}
SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"
OLD = "Policy document must be version 2012-10-17 or greater."
NO_SERVICE = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
MISSING = object()


def document(*statements: object, **fields: object) -> str:
    stated = {"Version": "2012-10-17", "Statement": list(statements)} | fields
    return json.dumps({key: value for key, value in stated.items() if value is not MISSING})


def with_(**changes: object) -> str:
    return document({key: value for key, value in (VALID | changes).items() if value is not MISSING})


def reason(text: str) -> str:
    refused = parse_document(text)
    assert isinstance(refused, Refusal), refused
    assert refused.code == "MalformedPolicyDocument"
    return refused.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("This is no JSON", SYNTAX),
        ("[]", SYNTAX),
        ('{"Version": "2012-10-17", "Version": "2012-10-17"}', SYNTAX),
        ('{"Statement":' + "[" * 50_000, SYNTAX),
        (document(VALID, Id="x" * MAX_DOCUMENT), SYNTAX),
        (document(VALID, Version="2013-10-17"), SYNTAX),
        (document(Statement=MISSING), SYNTAX),
        (document(), SYNTAX),
        (document("text"), SYNTAX),
        (document(VALID, Extra="x"), SYNTAX),
        (document(VALID, Id=[]), SYNTAX),
        (with_(Extra="x"), SYNTAX),
        (with_(Effect="invalid"), SYNTAX),
        (with_(Effect=MISSING), SYNTAX),
        (with_(Sid={}), SYNTAX),
        (with_(Resource={"a": "b"}), SYNTAX),
        (with_(Resource=["adf", {}]), SYNTAX),
        (with_(NotResource=[]), SYNTAX),
        (with_(NotAction=[]), SYNTAX),
        (with_(Action=[[]]), SYNTAX),
        (with_(Condition=[]), SYNTAX),
        (with_(Condition={"a": "b"}), SYNTAX),
        (with_(Condition={"x": {"a": "1"}}), SYNTAX),
        (with_(Condition={"ForAnyValue::StringEquals": {"a": "b"}}), SYNTAX),
        (with_(Condition={"NumericEquals": {"a": float("nan")}}), SYNTAX),
        (document(VALID, Version=MISSING), OLD),
        (document(VALID, Version="2008-10-17"), OLD),
        (document(VALID | {"Effect": "denY"}, Version=MISSING), OLD),
        (with_(Principal="*"), "Policy document should not specify a principal."),
        (with_(Effect="denY"), LEGACY),
        (with_(Condition={"DateGreaterThan": {"a": "sdfdsf"}}), LEGACY),
        (with_(Condition={"NumericEquals": {"a": "few"}}), LEGACY),
        (with_(Condition={"IpAddress": {"aws:SourceIp": "here"}}), LEGACY),
        (with_(Resource="arn:aws:s3::example"), LEGACY),
        (with_(Resource="arn:aws::::example"), LEGACY),
        (with_(Resource="arn:error:s3:::x", Condition={"DateLessThan": {"a": "x"}}), LEGACY),
        (with_(Resource="anything"), 'Resource anything must be in ARN format or "*".'),
        (with_(Resource=""), 'Resource  must be in ARN format or "*".'),
        (with_(Resource="sdfsadf", Action="s:3:List"), 'Resource sdfsadf must be in ARN format or "*".'),
        (with_(Resource="a:b:c"), 'Partition "b" is not valid for resource "arn:b:c:*:*:*".'),
        (
            with_(Resource="a:b:c:d:e:f:g:h"),
            'Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".',
        ),
        (with_(Resource="arn:aws"), "Resource vendor must be fully qualified and cannot contain regexes."),
        (
            with_(Resource="arn:aws:s*:::x"),
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        (
            with_(Resource="arn:aws:s3:us-east-1::x"),
            "Resource arn:aws:s3:us-east-1::x can not contain region information.",
        ),
        (
            with_(Resource="arn:aws:iam:us-east-1::x"),
            "IAM resource arn:aws:iam:us-east-1::x cannot contain region information.",
        ),
        (
            document(VALID | {"Sid": "a"}, {"Sid": "a", "Effect": "Allow"}),
            "Statement IDs (SID) in a single policy must be unique.",
        ),
        (
            with_(Sid="no spaces"),
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
        ),
        (with_(Action=MISSING), "Policy statement must contain actions."),
        (with_(Action=[]), "Policy statement must contain actions."),
        (with_(Action="invalid"), NO_SERVICE),
        (with_(Action="invalid", Resource=MISSING), "Policy statement must contain resources."),
        (with_(Condition={"DateLessThan": {"a": str(2**63)}}), LEGACY),
        (with_(Action="s3:List:Bucket"), "Actions/Condition can contain only one colon."),
        (with_(Action="a a:List"), "Vendor a a is not valid"),
        (with_(Resource=MISSING), "Policy statement must contain resources."),
        (with_(Resource=[]), "Policy statement must contain resources."),
    ],
)
def test_a_document_that_is_no_policy_is_refused_with_iams_reason(text: str, message: str) -> None:
    assert reason(text) == message


def test_iam_resources_have_a_known_kind() -> None:
    assert reason(with_(Resource="arn:aws:iam:::example")).startswith(
        'IAM resource path must either be "*", root, or start with user/, federated-user/, '
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Action": "*", "Resource": "*"},
        {"Resource": ["arn:aws:s3:::example", "*"]},
        {"Resource": "arn:aws:iam::*:user/${aws:username}"},
        {"Resource": "arn:aws:iam::123456789012:root"},
        {"Resource": "arn:aws:fdsasf"},
        {"Condition": {}},
        {"Condition": {"a": {}}},
        {"Condition": {"DateGreaterThan": {"aws:CurrentTime": "2017-07-01T00:00:00Z"}}},
        {"Condition": {"DateLessThan": {"a": "-292275054"}}},
        {"Condition": {"ForAnyValue:StringEqualsIfExists": {"a": "b"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"s3:max-keys": 10}}},
        {"Action": MISSING, "NotAction": "s3:*", "Resource": MISSING, "NotResource": ["arn:aws:s3:::*"]},
    ],
)
def test_a_policy_is_read(changes: dict[str, object]) -> None:
    policy = parse_document(with_(**changes))
    assert isinstance(policy, Policy), policy
    assert policy.statements[0].effect is Effect.ALLOW


def test_empty_statement_ids_are_none() -> None:
    empty = VALID | {"Sid": ""}
    assert isinstance(parse_document(document(empty, empty)), Policy)


def test_one_statement_needs_no_list() -> None:
    assert isinstance(parse_document(document(Statement=VALID)), Policy)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["*", "s3:*", "arn:aws:x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*VALID, "StringLike", "NotAction", "Sid", "AWS"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@settings(max_examples=60)
@given(st.text() | JSON.map(json.dumps))
def test_any_text_is_a_policy_or_refused(text: str) -> None:
    assert isinstance(parse_document(text), Policy | Refusal)


@settings(max_examples=100)
@given(JSON, st.sampled_from([*VALID, "Condition", "NotResource", "Sid"]))
def test_any_value_in_any_field_is_a_policy_or_refused(value: object, field: str) -> None:
    assert isinstance(parse_document(with_(**{field: value})), Policy | Refusal)
