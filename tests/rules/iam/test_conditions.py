"""The table of rules/iam/conditions.py, and the operators."""

import pytest

from stillup.rules.iam.conditions import holds, is_comparable, parse_operator
from stillup.rules.iam.policy import Condition

ARN = "arn:aws:sns:us-east-1:123456789012:alerts"


def result(operator: str, wanted: list[str], *values: str) -> bool:
    return holds(Condition(operator, "aws:Key", tuple(wanted)), {"aws:key": values})


ONE = ["a"]


@pytest.mark.parametrize(
    ("operator", "absent", "fitting", "other", "mixed"),
    [
        ("StringEquals", False, True, False, True),
        ("StringNotEquals", True, False, True, False),
        ("StringEqualsIfExists", True, True, False, True),
        ("StringNotEqualsIfExists", True, False, True, False),
        ("ForAllValues:StringEquals", True, True, False, False),
        ("ForAllValues:StringNotEquals", True, False, True, False),
        ("ForAllValues:StringEqualsIfExists", True, True, False, False),
        ("ForAnyValue:StringEquals", False, True, False, True),
        ("ForAnyValue:StringNotEquals", False, False, True, True),
        ("ForAnyValue:StringEqualsIfExists", True, True, False, True),
    ],
)
def test_what_one_many_and_no_values_do(
    operator: str, absent: bool, fitting: bool, other: bool, mixed: bool
) -> None:
    assert [
        result(operator, ONE),
        result(operator, ONE, "a"),
        result(operator, ONE, "b"),
        result(operator, ONE, "a", "b"),
    ] == [absent, fitting, other, mixed]


def test_null_asks_whether_the_key_is_there() -> None:
    assert result("Null", ["true"])
    assert not result("Null", ["true"], "a")
    assert result("Null", ["false"], "a")
    assert not result("Null", ["false"])


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "holding"),
    [
        ("StringEquals", "abc", "abc", True),
        ("StringEquals", "abc", "ABC", False),
        ("StringEquals", "a*", "abc", False),
        ("StringEqualsIgnoreCase", "abc", "ABC", True),
        ("StringNotEqualsIgnoreCase", "abc", "ABC", False),
        ("StringLike", "a*c?", "abbcd", True),
        ("StringNotLike", "a*", "abc", False),
        ("NumericEquals", "10", "10.0", True),
        ("NumericNotEquals", "10", "11", True),
        ("NumericLessThan", "10", "9", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "10", "11", True),
        ("NumericGreaterThanEquals", "10", "9", False),
        ("NumericEquals", "0", "0", True),
        ("NumericLessThan", "10", "few", False),
        ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", True),
        ("DateNotEquals", "2026-01-01", "2026-01-01T00:00:00Z", False),
        ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", True),
        ("DateLessThanEquals", "1767225600", "2026-01-01T00:00:00Z", True),
        ("DateEquals", "2026-01", "2026-01-01T00:00:00Z", True),
        ("DateEquals", "2026-01-01t1:30+01:30", "2026-01-01T00:00:00.000Z", True),
        ("DateEquals", "2025-12-31T20:30-0330", "2026-01-01", True),
        ("DateLessThan", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.25Z", True),
        ("DateGreaterThan", "01T", "2026-01-01", True),
        ("DateGreaterThan", "2026-01-01T00:00:00Z", "1767225601", True),
        ("DateGreaterThanEquals", "2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z", False),
        ("Bool", "true", "True", True),
        ("Bool", "false", "true", False),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
        ("IpAddress", "192.0.2.0/24", "192.0.2.7", True),
        ("IpAddress", "192.0.2.0/24", "::ffff:192.0.2.7", True),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", True),
        ("IpAddress", "192.0.2.0/24", "2001:db8::1", False),
        ("IpAddress", "192.0.2.7", "192.0.2.7", True),
        ("NotIpAddress", "192.0.2.0/24", "198.51.100.1", True),
        ("NotIpAddress", "192.0.2.0/24", "192.0.2.7", False),
        ("ArnEquals", "arn:aws:sns:*:*:alerts", ARN, True),
        ("ArnLike", "arn:aws:sns:*:*:al*", ARN, True),
        ("ArnLike", "arn:aws:sns:*:other", ARN, False),
        ("ArnNotEquals", ARN, ARN, False),
        ("ArnNotLike", "arn:aws:sqs:*:*:*", ARN, True),
    ],
)
def test_operators(operator: str, wanted: str, value: str, holding: bool) -> None:
    assert result(operator, [wanted], value) is holding


@pytest.mark.parametrize(
    "text",
    [
        "2026-13",
        "2026-02-30",
        "2026-01-01T25",
        "2026-01-01T0:00:00+1",
        "1T0:0:0.1234567890",
        "0-1",
        str(2**63),
    ],
)
def test_what_is_no_date(text: str) -> None:
    operator = parse_operator("DateEquals")
    assert operator is not None
    assert not is_comparable(operator, text)


@pytest.mark.parametrize(
    ("names", "allowed"),
    [
        ([], True),
        (["www.example.com"], True),
        (["www.example.com", "\\052.example.com"], True),
        (["www.example.com", "mail.example.com"], False),
    ],
)
def test_a_batch_with_one_name_that_is_not_allowed_is_not_allowed(names: list[str], allowed: bool) -> None:
    """IA-2, IA-3."""
    assert result("ForAllValues:StringEquals", ["www.example.com", "\\052.example.com"], *names) is allowed


def test_a_condition_with_a_variable_compares_with_what_it_stands_for() -> None:
    context = {"s3:prefix": ("home/alice",), "aws:username": ("alice",)}
    mine = Condition("StringLike", "s3:prefix", ("home/${aws:username}*",))
    theirs = Condition("StringEquals", "s3:prefix", ("home/${aws:absent}",))
    assert holds(mine, context)
    assert not holds(mine, context, variables=False)
    assert not holds(theirs, context)


@pytest.mark.parametrize(
    "text", ["", "StringIs", "stringEquals", "ForAnyValue::StringEquals", "NullIfExists", "ForAllValues:"]
)
def test_what_is_no_operator(text: str) -> None:
    assert parse_operator(text) is None
