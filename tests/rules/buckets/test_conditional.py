"""One case for each row of the table in `judge`, in its order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.buckets.conditional import Conditions, Verdict, judge, parse_http_date, render_http_date

MODIFIED = 1_700_000_000.75


@pytest.mark.parametrize(
    ("conditions", "verdict"),
    [
        (Conditions(if_match='"other"'), Verdict.IF_MATCH_FAILED),
        (Conditions(if_match='W/"tag"'), Verdict.IF_MATCH_FAILED),
        (Conditions(if_match='"other"', if_unmodified_since=MODIFIED + 9), Verdict.IF_MATCH_FAILED),
        (Conditions(if_unmodified_since=MODIFIED - 1), Verdict.IF_UNMODIFIED_SINCE_FAILED),
        (
            Conditions(if_unmodified_since=MODIFIED - 1, if_none_match='"tag"'),
            Verdict.IF_UNMODIFIED_SINCE_FAILED,
        ),
        (Conditions(if_match='"tag"', if_unmodified_since=MODIFIED - 1), Verdict.PROCEED),
        (Conditions(if_match='"a", "tag"'), Verdict.PROCEED),
        (Conditions(if_match="tag"), Verdict.PROCEED),
        (Conditions(if_match="*"), Verdict.PROCEED),
        (Conditions(if_none_match='"tag"'), Verdict.IF_NONE_MATCH_FAILED),
        (Conditions(if_none_match='W/"tag"'), Verdict.IF_NONE_MATCH_FAILED),
        (Conditions(if_none_match="*"), Verdict.IF_NONE_MATCH_FAILED),
        (Conditions(if_match='"tag"', if_none_match='"tag"'), Verdict.IF_NONE_MATCH_FAILED),
        (Conditions(if_modified_since=1_700_000_000), Verdict.IF_MODIFIED_SINCE_FAILED),
        (Conditions(if_none_match='"other"', if_modified_since=1_700_000_000), Verdict.PROCEED),
        (Conditions(if_modified_since=1_699_999_999), Verdict.PROCEED),
        (Conditions(), Verdict.PROCEED),
    ],
)
def test_preconditions_are_weighed_in_the_order_of_rfc_9110(conditions: Conditions, verdict: Verdict) -> None:
    assert judge(conditions, etag="tag", modified_at=MODIFIED) is verdict


@pytest.mark.parametrize(
    "text",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_the_three_forms_of_a_date_are_understood(text: str) -> None:
    assert parse_http_date(text) == 784111777


@given(st.text())
def test_text_that_is_no_date_is_ignored(text: str) -> None:
    assert parse_http_date(text) is None


@given(st.integers(0, 4_000_000_000))
def test_a_rendered_date_is_understood_again(instant: int) -> None:
    assert parse_http_date(render_http_date(instant)) == instant
