"""Retry schedules and outcomes (SN-9, SN-10)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.topics.retries import (
    SMTP_RETRIES,
    Backoff,
    Outcome,
    RetryPolicy,
    delay_before,
    delays,
    outcome_of,
)


def test_by_default_there_are_three_retries_twenty_seconds_apart() -> None:
    """SN-10."""
    assert list(delays(RetryPolicy())) == [20.0, 20.0, 20.0]


@pytest.mark.parametrize(
    ("backoff", "curve"),
    [
        (Backoff.LINEAR, [1, 6, 11, 16]),
        (Backoff.ARITHMETIC, [1, 3.5, 8.5, 16]),
        (Backoff.GEOMETRIC, [1, 2.52, 6.35, 16]),
        (Backoff.EXPONENTIAL, [1, 3.14, 7.43, 16]),
    ],
)
def test_the_four_phases_follow_one_another(backoff: Backoff, curve: list[float]) -> None:
    policy = RetryPolicy(9, 1, 16, num_no_delay=2, num_min_delay=1, num_max_delay=2, backoff=backoff)

    assert list(delays(policy)) == pytest.approx([0, 0, 1, *curve, 16, 16], abs=0.01)


def test_mails_are_tried_fifty_times_within_hours() -> None:
    """SN-10: over six hours."""
    planned = list(delays(SMTP_RETRIES))

    assert len(planned) == 50
    assert planned[:3] == [10, 10, 10]
    assert planned[11:] == [600] * 39
    assert 6 * 3600 <= sum(planned) <= 7 * 3600


@given(
    st.builds(
        RetryPolicy,
        num_retries=st.integers(40, 100),
        min_delay=st.integers(1, 60),
        max_delay=st.integers(60, 3600),
        num_no_delay=st.integers(0, 10),
        num_min_delay=st.integers(0, 10),
        num_max_delay=st.integers(0, 10),
        backoff=st.sampled_from(Backoff),
    )
)
def test_delays_never_shrink_and_stay_within_their_bounds(policy: RetryPolicy) -> None:
    planned = list(delays(policy))

    assert len(planned) == policy.num_retries
    assert all(earlier <= later * (1 + 1e-9) for earlier, later in pairwise(planned))
    assert all(policy.min_delay <= each <= policy.max_delay * (1 + 1e-9) for each in planned if each)


def test_after_the_last_retry_there_is_none() -> None:
    assert delay_before(RetryPolicy(), 3) == 20.0
    assert delay_before(RetryPolicy(), 4) is None
    assert delay_before(RetryPolicy(num_retries=0), 1) is None


def test_jitter_moves_a_delay_a_tenth_to_either_side() -> None:
    assert delay_before(RetryPolicy(), 1, jitter=0.0) == pytest.approx(18.0)
    assert delay_before(RetryPolicy(), 1, jitter=1.0) == pytest.approx(22.0)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (None, Outcome.FAILED),
        (101, Outcome.FAILED),
        (200, Outcome.DELIVERED),
        (204, Outcome.DELIVERED),
        (302, Outcome.REFUSED),
        (404, Outcome.REFUSED),
        (429, Outcome.FAILED),
        (499, Outcome.REFUSED),
        (500, Outcome.FAILED),
        (599, Outcome.FAILED),
        (999, Outcome.FAILED),
    ],
)
def test_an_answer_says_whether_to_try_again(status: int | None, outcome: Outcome) -> None:
    """SN-9."""
    assert outcome_of(status) is outcome
