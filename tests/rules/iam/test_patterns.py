import re
from fnmatch import translate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.rules.iam.patterns import (
    Context,
    arn_glob,
    compiled,
    glob,
    literally,
    matcher,
    resource_glob,
    substitute,
)

CONTEXT: Context = {
    "aws:username": ("alice",),
    "aws:principaltag/team": ("a*b:c?",),
    "aws:tagkeys": ("one", "two"),
}


def fits(source: str, text: str) -> bool:
    return compiled(source).fullmatch(text) is not None


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("*", "", True),
        ("?", "", False),
        ("a?c", "abc", True),
        ("a*c", "abcbc", True),
        ("a*b*c", "axxbyyc", True),
        ("a*b*c", "axxcyyb", False),
        ("*.png", "a.png\n", False),
        ("a**b", "ab", True),
        ("[a]", "a", False),
        ("a.c", "abc", False),
        ("a*", "a\nb", True),
        ("abc", "ABC", False),
    ],
)
def test_wildcards(pattern: str, text: str, matches: bool) -> None:
    assert fits(glob(pattern), text) is matches


@settings(max_examples=200)
@given(st.text("ab*?:", max_size=8), st.text("ab:", max_size=10))
def test_wildcards_match_what_the_plain_expression_matches(pattern: str, text: str) -> None:
    assert fits(glob(pattern), text) is (re.fullmatch(translate(pattern), text) is not None)


@pytest.mark.parametrize(
    ("pattern", "arn", "as_resource", "as_arn"),
    [
        ("arn:aws:sns:us-east-1:1:t", "arn:aws:sns:us-east-1:1:t", True, True),
        ("arn:aws:sns:us-*-1:1:t", "arn:aws:sns:us-east-1:1:t", True, True),
        ("arn:aws:sns:us-*-1:1:t", "arn:aws:sns:us-x:y-1:1:t", False, False),
        ("arn:aws:sns:?:1:t", "arn:aws:sns:::1:t", False, False),
        ("arn:aws:sns:*:t", "arn:aws:sns:us-east-1:1:t", True, True),
        ("arn:aws:sns:*", "arn:aws:sns:us-east-1:1:t", True, True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/a/b:c", True, True),
        ("arn:aws:s3:::b/*z", "arn:aws:s3:::b/a:z", True, True),
        ("arn:aws:cloudwatch:*:*:alarm:*", "arn:aws:cloudwatch:us-east-1:1:alarm:x", True, True),
        ("arn:aws:iam::*:t", "arn:aws:iam::1:user:t", True, False),
        ("*", "arn:aws:s3:::b", True, True),
    ],
)
def test_an_arn_is_matched_by_its_components(pattern: str, arn: str, as_resource: bool, as_arn: bool) -> None:
    assert fits(resource_glob(pattern), arn) is as_resource
    assert fits(arn_glob(pattern), arn) is as_arn


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("home/${aws:username}/*", "home/alice/*"),
        ("${AWS:UserName}", "alice"),
        ("${aws:absent}", None),
        ("${aws:absent, 'nobody'}", "nobody"),
        ("${aws:username, 'nobody'}", "alice"),
        ("${aws:tagkeys}", None),
        ("${*}${?}${$}", "*?$"),
        ("${aws:username", "${aws:username"),
        ("plain", "plain"),
    ],
)
def test_variables(pattern: str, value: str | None) -> None:
    replaced = substitute(pattern, CONTEXT)
    assert (None if replaced is None else literally(replaced)) == value


def test_the_value_of_a_variable_is_no_pattern() -> None:
    own = matcher(["arn:aws:s3:::b/${aws:PrincipalTag/team}/*"], resource_glob, variables=True)
    assert own.matches("arn:aws:s3:::b/a*b:c?/x", CONTEXT)
    assert not own.matches("arn:aws:s3:::b/aXb:cX/x", CONTEXT)


def test_variables_mean_nothing_in_the_old_version() -> None:
    own = matcher(["b/${aws:username}"], glob)
    assert own.matches("b/${aws:username}", CONTEXT)
    assert not own.matches("b/alice", CONTEXT)


def test_no_pattern_takes_long() -> None:
    """Backtracking over so many wildcards would outlive the test."""
    pattern, text = "*a" * 500 + "b", "a" * 5_000
    for spelling in (glob, arn_glob, resource_glob):
        assert not fits(spelling(pattern), text)
        assert not fits(spelling(f"arn:{'*a' * 100}x:sns:r:1:t"), f"arn:{'a' * 2_000}:sns:r:1:t")
