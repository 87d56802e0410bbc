"""When a delivery is tried again, and when it is over (SN-9, SN-10).

A schedule has four phases, in this order, and the retries of each:

| phase        | retries                                      | delay before each                       |
|--------------|----------------------------------------------|-----------------------------------------|
| immediate    | numNoDelayRetries                            | none                                    |
| pre-backoff  | numMinDelayRetries                           | minDelayTarget                          |
| backoff      | numRetries less those of the other three     | from minDelayTarget to maxDelayTarget   |
| post-backoff | numMaxDelayRetries                           | maxDelayTarget                          |

AWS names four curves of the third phase and publishes no formula. Here, with x from 0 to 1 over its retries:

| backoffFunction | delay                                                        |
|-----------------|--------------------------------------------------------------|
| linear          | equal steps                                                  |
| arithmetic      | steps that grow by an equal amount: 1, 2, 3, …               |
| geometric       | equal ratios: min · (max / min)^x                            |
| exponential     | steps that double: 1, 2, 4, …                                |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Backoff(StrEnum):
    """`backoffFunction`."""

    LINEAR = "linear"
    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"
    EXPONENTIAL = "exponential"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """`healthyRetryPolicy`, by default that of http(s). Delays are seconds."""

    num_retries: int = 3
    min_delay: int = 20
    max_delay: int = 20
    num_no_delay: int = 0
    num_min_delay: int = 0
    num_max_delay: int = 0
    backoff: Backoff = Backoff.LINEAR


SMTP_RETRIES: Final = RetryPolicy(
    num_retries=50,
    min_delay=10,
    max_delay=600,
    num_min_delay=2,
    num_max_delay=38,
    backoff=Backoff.EXPONENTIAL,
)
"""For mails, whatever the topic says: 50 retries over six hours."""

JITTER: Final = 0.2
"""How far apart the shortest and the longest of what becomes of one delay are, as a share of it."""


def delays(policy: RetryPolicy) -> Iterator[float]:
    """The seconds to wait before each retry, in order, without jitter."""
    backoff = policy.num_retries - policy.num_no_delay - policy.num_min_delay - policy.num_max_delay
    yield from [0.0] * policy.num_no_delay
    yield from [float(policy.min_delay)] * policy.num_min_delay
    for step in range(backoff):
        yield _on_curve(policy, step, max(backoff - 1, 1))
    yield from [float(policy.max_delay)] * policy.num_max_delay


def delay_before(policy: RetryPolicy, retry: int, *, jitter: float = 0.5) -> float | None:
    """The seconds to wait before this retry, of which 1 is the first; None: no retry is left.

    `jitter` is a fraction in [0, 1], at random; one half leaves the delay as it is.
    """
    for number, delay in enumerate(delays(policy), start=1):
        if number == retry:
            return delay * (1 + JITTER * (jitter - 0.5))
    return None


def _on_curve(policy: RetryPolicy, step: int, last: int) -> float:
    low, high = float(policy.min_delay), float(policy.max_delay)
    match policy.backoff:
        case Backoff.LINEAR:
            share = step / last
        case Backoff.ARITHMETIC:
            share = step * (step + 1) / (last * (last + 1))
        case Backoff.GEOMETRIC:
            return low * float((high / low) ** (step / last))
        case Backoff.EXPONENTIAL:
            share = (2**step - 1) / (2**last - 1)
    return low + (high - low) * share


class Outcome(StrEnum):
    """What an attempt to deliver came to."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    """It would be refused again: no retry, a dead letter."""
    FAILED = "failed"
    """It may succeed later: retried while the policy has retries left."""


def outcome_of(status: int | None) -> Outcome:
    """What an attempt over http(s) came to, by the response's status; None: no whole response in time.

    | status               | outcome   |
    |----------------------|-----------|
    | 200 … 299            | delivered |
    | 429                  | failed    |
    | 300 … 499            | refused   |
    | any other, and none  | failed    |

    SNS's guide retries nothing from 200 to 499 but 429 (SN-9). It calls all of these delivered in one place; a
    message that nobody took is none here, so that a 404 is found among the dead letters.
    """
    if status is None or status == 429:
        return Outcome.FAILED
    if 200 <= status < 300:
        return Outcome.DELIVERED
    return Outcome.REFUSED if 300 <= status < 500 else Outcome.FAILED
