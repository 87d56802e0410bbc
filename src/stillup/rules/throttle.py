"""Route 53's request limits as token buckets (TH-1 to TH-3).

    bucket                            capacity   refill/s
    account, all operations                 50         10
    each operation without a row            50         10
    CreateHealthCheck                       50        0.5
    DeleteHealthCheck                       15          3
    GetHealthCheckStatus, …FailureReason     4          1
    CreateHostedZone                        40          2
    DeleteHostedZone                        40          5
    changes (TH-2)                       1,500        100   UPSERT 2, CREATE and DELETE 1, a zone 2

A request that any of its buckets cannot pay is refused, and none of them is charged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from stillup.rules.ids import Instant


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket's size, and what flows in each second."""

    capacity: float
    refill: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many tokens there were at a time."""

    tokens: float
    at: Instant


@dataclass(frozen=True, slots=True)
class Charge:
    """So many tokens of one bucket."""

    bucket: str
    limit: Limit
    cost: float = 1.0


@dataclass(frozen=True, slots=True)
class Buckets:
    """All buckets that have been used; the others are full."""

    levels: Mapping[str, Bucket] = field(default_factory=dict)


def take(bucket: Bucket | None, limit: Limit, *, now: Instant, cost: float) -> Bucket | None:
    """The bucket after paying, or None if it cannot. A clock that went back refills nothing."""
    if bucket is None:
        tokens = limit.capacity
    else:
        tokens = min(limit.capacity, bucket.tokens + max(0.0, now - bucket.at) * limit.refill)
    return Bucket(tokens - cost, now) if tokens >= cost else None


def take_all(buckets: Buckets, charges: Sequence[Charge], now: Instant) -> Buckets | None:
    """The buckets after every charge, or None if one of them cannot be paid."""
    levels = dict(buckets.levels)
    for charge in charges:
        paid = take(levels.get(charge.bucket), charge.limit, now=now, cost=charge.cost)
        if paid is None:
            return None
        levels[charge.bucket] = paid
    return Buckets(levels)


ACCOUNT: Final = Limit(50, 10)
PER_OPERATION: Final = Limit(50, 10)
OPERATIONS: Final[Mapping[str, Limit]] = {
    "CreateHealthCheck": Limit(50, 0.5),
    "CreateHostedZone": Limit(40, 2),
    "DeleteHealthCheck": Limit(15, 3),
    "DeleteHostedZone": Limit(40, 5),
    "GetHealthCheckLastFailureReason": Limit(4, 1),
    "GetHealthCheckStatus": Limit(4, 1),
}
CHANGES: Final = Limit(1500, 100)
ZONE_COST: Final = 2.0
ACTION_COSTS: Final[Mapping[str, float]] = {"CREATE": 1.0, "DELETE": 1.0, "UPSERT": 2.0}


def charges(operation: str, actions: Sequence[str] = ()) -> Sequence[Charge]:
    """What a Route 53 request costs. `actions` are those of its change batch."""
    changed = ZONE_COST if operation in ("CreateHostedZone", "DeleteHostedZone") else 0.0
    changed += sum(ACTION_COSTS.get(action, 1.0) for action in actions)
    found = [
        Charge("account", ACCOUNT),
        Charge(operation, OPERATIONS.get(operation, PER_OPERATION)),
    ]
    return [*found, Charge("changes", CHANGES, changed)] if changed else found
