"""Route 53's limits: TH-1 to TH-3."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.throttle import Bucket, Buckets, Limit, charges, take, take_all


def admitted(operation: str, times: Sequence[float], actions: Sequence[str] = ()) -> int:
    """How many of the requests at these times are let through."""
    buckets, count = Buckets(), 0
    for now in times:
        paid = take_all(buckets, charges(operation, actions), now)
        if paid is not None:
            buckets, count = paid, count + 1
    return count


@pytest.mark.parametrize(
    ("operation", "burst", "after_ten_seconds"),
    [
        ("GetHostedZone", 50, 50),
        ("CreateHealthCheck", 50, 5),
        ("DeleteHealthCheck", 15, 15),
        ("GetHealthCheckStatus", 4, 4),
        ("GetHealthCheckLastFailureReason", 4, 4),
        ("CreateHostedZone", 40, 20),
        ("DeleteHostedZone", 40, 40),
    ],
)
def test_each_operation_has_its_burst_and_its_refill(
    operation: str, burst: int, after_ten_seconds: int
) -> None:
    assert admitted(operation, [0.0] * 100) == burst
    assert admitted(operation, [0.0] * 100 + [10.0] * 100) == burst + after_ten_seconds


def test_an_upsert_costs_two_changes_and_any_other_action_one() -> None:
    """TH-2."""
    assert admitted("ChangeResourceRecordSets", [0.0] * 10, ["UPSERT"] * 500) == 1
    assert admitted("ChangeResourceRecordSets", [0.0] * 10, ["CREATE"] * 500) == 3
    assert admitted("ChangeResourceRecordSets", [0.0] * 10, ["DELETE"] * 1000) == 1


def test_a_refused_request_is_charged_nowhere() -> None:
    buckets = Buckets()
    dear = charges("ChangeResourceRecordSets", ["CREATE"] * 1501)
    assert take_all(buckets, dear, 0.0) is None
    assert take_all(buckets, charges("ChangeResourceRecordSets", ["CREATE"] * 1500), 0.0) is not None


def test_operations_share_the_account() -> None:
    buckets = Buckets()
    for _ in range(50):
        paid = take_all(buckets, charges("GetHostedZone"), 0.0)
        assert paid is not None
        buckets = paid
    assert take_all(buckets, charges("ListHostedZones"), 0.0) is None


@given(st.lists(st.floats(-1e3, 1e6), max_size=30))
def test_a_bucket_never_holds_more_than_its_capacity_nor_less_than_nothing(times: list[float]) -> None:
    limit, bucket = Limit(4, 1), None
    for now in times:
        paid: Bucket | None = take(bucket, limit, now=now, cost=1)
        if paid is not None:
            assert 0 <= paid.tokens <= 3
            bucket = paid
