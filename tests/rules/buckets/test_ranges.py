"""One case for each row of the table in `choose_span`, in its order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.buckets.ranges import Span, Unsatisfiable, choose_span, parse_copy_range
from stillup.rules.refusal import Refusal


@pytest.mark.parametrize(
    ("header", "size", "answer"),
    [
        (None, 10, None),
        ("items=0-1", 10, None),
        ("bytes=a-b", 10, None),
        ("bytes=-", 10, None),
        ("bytes=0-1,3-4", 10, None),
        ("bytes=5-4", 10, None),
        ("bytes=10-", 10, Unsatisfiable.RANGE),
        ("bytes=10-12", 10, Unsatisfiable.RANGE),
        ("bytes=-0", 10, Unsatisfiable.RANGE),
        ("bytes=0-", 0, Unsatisfiable.RANGE),
        ("bytes=-1", 0, Unsatisfiable.RANGE),
        ("bytes=2-", 10, Span(2, 8)),
        ("bytes=0-0", 10, Span(0, 1)),
        ("bytes=2-99", 10, Span(2, 8)),
        ("bytes=-3", 10, Span(7, 3)),
        ("bytes=-99", 10, Span(0, 10)),
        ("Bytes=2-3", 10, Span(2, 2)),
    ],
)
def test_a_range_header_chooses_octets(header: str | None, size: int, answer: object) -> None:
    assert choose_span(header, size) == answer


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0-8", "InvalidArgument"),
        ("bytes=1-", "InvalidArgument"),
        ("bytes=-2", "InvalidArgument"),
        ("bytes=0-1,3-4", "InvalidArgument"),
        ("bytes=1-0", "InvalidArgument"),
        ("bytes=10-12", "InvalidRequest"),
        ("bytes=0-10", "InvalidArgument"),
    ],
)
def test_a_range_to_copy_is_refused_where_it_is_not_all_inside(text: str, code: str) -> None:
    refused = parse_copy_range(text, 10)
    assert isinstance(refused, Refusal)
    assert refused.code == code


def test_a_range_to_copy_is_from_first_to_last() -> None:
    assert parse_copy_range("bytes=0-9", 10) == Span(0, 10)
    assert parse_copy_range("bytes=2-4", 10) == Span(2, 3)


def test_content_range_counts_inclusively() -> None:
    assert Span(2, 8).content_range(10) == "bytes 2-9/10"


@given(st.one_of(st.text(), st.from_regex(r"bytes=[0-9]*-[0-9]*", fullmatch=True)), st.integers(0, 1 << 50))
def test_no_header_leads_outside_the_object(header: str, size: int) -> None:
    span = choose_span(header, size)
    if isinstance(span, Span):
        assert 0 <= span.start < size
        assert 0 < span.length <= size - span.start
