"""Filter policies (SN-11)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.rules.refusal import Refusal
from stillup.rules.topics.filter_policy import Branch, FilterScope, parse_filter_policy
from stillup.rules.topics.filtering import lets_through
from stillup.rules.topics.message import Message, MessageType
from tests.rules.topics.mail import SUBSCRIPTION, attributes, message

STORE = attributes(store=("String", "example_corp"), price=("Number", "210.750"))
SPORTS = attributes(likes=("String.Array", '["soccer", "rugby", 5, true, null]'), blob=("Binary", "AAEC"))


def passes(policy: Any, sent: Message, *, scope: FilterScope = FilterScope.ATTRIBUTES) -> bool:
    text = policy if isinstance(policy, str) else json.dumps(policy)
    assert isinstance(parse_filter_policy(text, scope), Branch), parse_filter_policy(text, scope)
    given = {"FilterPolicy": text, "FilterPolicyScope": scope.value}
    return lets_through(replace(SUBSCRIPTION, attributes=given), sent)


@pytest.mark.parametrize(
    ("policy", "through"),
    [
        ({}, True),
        ({"store": ["example_corp"]}, True),
        ({"store": ["Example_corp"]}, False),
        ({"store": ["other", {"prefix": "exam"}]}, True),
        ({"store": [{"prefix": "corp"}]}, False),
        ({"store": [{"suffix": "_corp"}]}, True),
        ({"store": [{"equals-ignore-case": "EXAMPLE_Corp"}]}, True),
        ({"store": [{"anything-but": "example_corp"}]}, False),
        ({"store": [{"anything-but": ["a", "b"]}]}, True),
        ({"store": [{"anything-but": {"prefix": "exam"}}]}, False),
        ({"store": [{"anything-but": {"suffix": "x"}}]}, True),
        ({"store": ["example_corp"], "event": ["sold"]}, False),
        ({"store": [{"exists": True}]}, True),
        ({"event": [{"exists": True}]}, False),
        ({"event": [{"exists": False}]}, True),
        ({"event": ["sold", {"exists": False}]}, True),
        ({"store": [{"exists": False}]}, False),
        ({"event": [{"anything-but": "x"}]}, False),
        ({"price": [210.75]}, True),
        ({"price": ["210.75"]}, False),
        ({"price": [{"numeric": ["=", 210.75]}]}, True),
        ({"price": [{"numeric": ["<", 210.75]}]}, False),
        ({"price": [{"numeric": [">=", 210.75, "<", 300]}]}, True),
        ({"price": [{"numeric": [">", 0, "<=", 100]}]}, False),
        ({"store": [{"numeric": [">", 0]}]}, False),
        ({"$or": [{"store": ["x"]}, {"price": [210.75]}]}, True),
        ({"$or": [{"store": ["x"]}, {"price": [1]}]}, False),
        ({"store": ["x"], "$or": [{"store": ["x"]}, {"price": [210.75]}]}, False),
    ],
)
def test_attributes_are_matched(policy: Any, through: bool) -> None:
    assert passes(policy, message(attributes=STORE)) is through


@pytest.mark.parametrize(
    ("policy", "through"),
    [
        ({"likes": ["rugby"]}, True),
        ({"likes": ["hockey"]}, False),
        ({"likes": [5]}, True),
        ({"likes": [True]}, True),
        ({"likes": [False]}, False),
        ({"likes": [None]}, True),
        ({"likes": [{"anything-but": ["rugby"]}]}, True),
        ({"blob": [{"exists": True}]}, False),
        ({"blob": [{"exists": False}]}, True),
    ],
)
def test_one_element_of_an_array_is_enough_and_binary_is_not_there(policy: Any, through: bool) -> None:
    assert passes(policy, message(attributes=SPORTS)) is through


@pytest.mark.parametrize(
    ("policy", "text", "through"),
    [
        ({"a": {"b": ["x"]}}, '{"a": {"b": "x"}}', True),
        ({"a": {"b": ["x"]}}, '{"a": {"b": ["y", "x"]}}', True),
        ({"a": {"b": ["x"]}}, '{"a": [{"b": "y"}, {"b": "x"}]}', True),
        ({"a": {"b": ["x"], "c": ["y"]}}, '{"a": [{"b": "x"}, {"c": "y"}]}', False),
        ({"a": {"b": ["x"]}}, '{"a": "x"}', False),
        ({"a": {"b": [{"exists": False}]}}, "{}", True),
        ({"a": [None]}, '{"a": null}', True),
        ({"a": [True]}, '{"a": 1}', False),
        ({"a": [1]}, '{"a": true}', False),
        ({"a": [1]}, '{"a": 1.0}', True),
        ({"ip": [{"cidr": "10.0.0.0/24"}]}, '{"ip": "10.0.0.9"}', True),
        ({"ip": [{"cidr": "10.0.0.0/24"}]}, '{"ip": "10.0.1.9"}', False),
        ({"ip": [{"cidr": "2001:db8::/32"}]}, '{"ip": "2001:db8::1"}', True),
        ({"ip": [{"cidr": "10.0.0.0/24"}]}, '{"ip": "nonsense"}', False),
        ({"a": ["x"]}, '[{"a": "y"}, {"a": "x"}]', True),
        ({"a.b": ["x"]}, '{"a": {"b": "x"}}', True),
        ({"a.b": ["x"]}, '{"a.b": "x"}', True),
        ({"a.b.c": ["x"]}, '{"a.b": {"c": "x"}}', True),
        ({"a.b.c": ["x"]}, '{"a": {"b.c": "x"}}', True),
        ({"a.b": ["x"]}, '{"a": [{"b": "y"}, {"b": "x"}]}', True),
        ({"a.b": {"c": ["x"]}}, '{"a": {"b": {"c": "x"}}}', True),
        ({"a.b": ["x"]}, '{"a": {"b": "y"}}', False),
        ({"a.b": ["x"]}, '{"a": "x", "b": "x"}', False),
        ({"a.b": [{"exists": False}]}, '{"a": {"b": "x"}}', False),
        ({"a.b": [{"exists": False}]}, '{"a": {"c": "x"}}', True),
        ({"a": ["x"]}, "x", False),
        ({"a": [{"exists": False}]}, "no JSON", False),
        ({"a": ["x"]}, '{"a":' * 900 + "1" + "}" * 900, False),
        ({"a": ["x"]}, '{"a":' + "[" * 900 + "]" * 900 + "}", False),
        ({"a": [1]}, '{"a": 1' + "0" * 400 + "}", False),
    ],
)
def test_bodies_are_matched(policy: Any, text: str, through: bool) -> None:
    assert passes(policy, message(text), scope=FilterScope.BODY) is through


def test_an_attribute_nested_without_end_matches_nothing() -> None:
    nested = attributes(a=("String.Array", "[" * 900 + "]" * 900))

    assert not passes({"a": ["x"]}, message(attributes=nested))


def test_confirmations_pass_every_filter() -> None:
    assert passes({"store": ["x"]}, message(type=MessageType.SUBSCRIPTION_CONFIRMATION))


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ({"key": [["value"]]}, "Match value must be String, number, true, false, or null"),
        ({"key": [{"wrong-operator": True}]}, "Unrecognized match type wrong-operator"),
        ({"key": [{"suffix": "a", "prefix": "b"}]}, "Only one key allowed in match expression"),
        ({"key": [{"suffix": 100}]}, "suffix match pattern must be a string"),
        ({"key": [{"anything-but": {"exists": False}}]}, "Unsupported anything-but pattern: exists"),
        ({"key": [{"prefix": []}]}, "prefix match pattern must be a string"),
        ({"key": {"suffix": "value"}}, '"suffix" must be an object or an array'),
        ({"key": "value"}, '"key" must be an object or an array'),
        ({"key": [{"numeric": []}]}, "Invalid member in numeric match: ]"),
        ({"key": [{"numeric": ["operator"]}]}, "Unrecognized numeric range operator: operator"),
        ({"key": [{"numeric": [1, "<="]}]}, "Invalid member in numeric match: 1"),
        ({"key": [{"numeric": ["=", "000"]}]}, "Value of equals must be numeric"),
        ({"key": [{"numeric": [">="]}]}, "Value of >= must be numeric"),
        ({"key": [{"numeric": ["<", 100, ">", 10]}]}, "Too many elements in numeric expression"),
        ({"key": [{"numeric": [">=", 1, ">", 2]}]}, "Bad numeric range operator: >"),
        ({"key": [{"numeric": [">", 3, "<", 1]}]}, "Bottom must be less than top"),
        ({"key": [{"numeric": [">", 20, "<="]}]}, "Value of <= must be numeric"),
        ({"key": [{"numeric": [">", 20, 30]}]}, "Bad value in numeric range: 30"),
        ({"key": [{"numeric": [">", 20, "test"]}]}, "Bad numeric range operator: test"),
        (
            {"key": [{"numeric": [">", 20, "<", 30, "<", 50]}]},
            "Too many terms in numeric range expression",
        ),
        ({"key": [{"numeric": ["=", 1e10]}]}, "Value of equals must be between -1.0E9 and 1.0E9, inclusive"),
        ({"key": [{"exists": "no"}]}, "exists match pattern must be either true or false."),
        ({"key": [{"cidr": "10.0.0.0"}]}, "Malformed CIDR, one '/' required"),
        ({"key": [{"cidr": "10.0.0.0/x"}]}, "Malformed CIDR, mask bits must be an integer"),
        ({"key": [{"cidr": "10.0.0/8"}]}, "Nonstandard IP address: 10.0.0"),
        ({"key": []}, "Empty arrays are not allowed"),
        ({f"k{i}": ["x"] for i in range(6)}, "Filter policy can not have more than 5 keys"),
        ({"key": [str(i) for i in range(151)]}, "Filter policy is too complex"),
        ({k: [str(i) for i in range(6)] for k in "abc"}, "Filter policy is too complex"),
        ({"a": {"b": ["x"]}}, "Filter policy scope MessageAttributes does not support nested filter policy"),
        (["x"], "Filter policy must be a JSON object"),
        ('{"a": [NaN]}', "NaN is not a number of JSON"),
        ("invalid", "failed to parse JSON"),
        ("", "failed to parse JSON"),
        ('{"a":' * 5000, "failed to parse JSON"),
        ('{"a": [' + "1" * 5000 + "]}", "failed to parse JSON"),
    ],
)
def test_a_bad_policy_is_refused_in_the_words_of_sns(policy: Any, reason: str) -> None:
    text = policy if isinstance(policy, str) else json.dumps(policy)

    refused = parse_filter_policy(text, FilterScope.ATTRIBUTES)

    assert refused == Refusal.because("InvalidParameter", f"Invalid parameter: FilterPolicy: {reason}")


def test_combinations_of_nested_keys_count_their_depth() -> None:
    """The example of the guide: 4 x 3, 3 x 2 and 2 x 1 make 144."""
    policy: dict[str, Any] = {"a": {"b": {"c": list("wxyz")}}, "d": {"e": list("xyz")}, "f": ["x", "y"]}
    too_many = {**policy, "f": ["x", "y", "z"]}

    assert isinstance(parse_filter_policy(json.dumps(policy), FilterScope.BODY), Branch)
    assert isinstance(parse_filter_policy(json.dumps(too_many), FilterScope.BODY), Refusal)


KEYS = st.sampled_from(
    ["a", "$or", "prefix", "suffix", "anything-but", "equals-ignore-case", "numeric", "exists", "cidr"]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "=", "<", ">", "x", "10.0.0.0/8", "::/0"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.slow
@settings(max_examples=100)
@given(st.dictionaries(KEYS, JSON, max_size=4), JSON, st.sampled_from(FilterScope))
def test_any_policy_is_refused_or_works_on_any_body(policy: Any, document: Any, scope: FilterScope) -> None:
    text = json.dumps(policy)
    parsed = parse_filter_policy(text, scope)
    assert isinstance(parsed, Branch) or parsed.code == "InvalidParameter"

    given_ = {"FilterPolicy": text, "FilterPolicyScope": scope.value}
    sent = message(json.dumps(document), attributes=attributes(a=("String.Array", json.dumps(document))))
    assert lets_through(replace(SUBSCRIPTION, attributes=given_), sent) in (True, False)
