"""What only the account and the network can tell, read beforehand; rules never look themselves.

Every field is None where it could not be known, which no rule takes for good or bad.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillup.plan.setup import Setup


@dataclass(frozen=True, slots=True)
class Live:
    """Of one failover."""

    now: float
    """Seconds since the epoch, when the facts were read."""
    setup: Setup | None = None
    """What the account holds under the failover's name."""
