"""The drill's watch. It tells time as the engine lives it, which with `--clock-rate 10` is ten seconds in each of ours."""

from __future__ import annotations

import time
from typing import Final

LEAST_TIMEOUT: Final = 0.3
"""Real seconds that anything on a network is given, however fast the engine's clock runs."""
LEAST_PACE: Final = 0.05
"""Real seconds between two looks, at least: watching must not be what breaks the primary."""
LEAST_PACE_OF_CALLS: Final = 0.25
"""The same between two calls of the AWS API, each of which costs both ends a hundred times what a DNS query does."""


class Stopwatch:
    """Counts from its making. `rate`: seconds of the watched clock in each real one; 1 on AWS."""

    def __init__(self, rate: float = 1.0) -> None:
        self.rate = rate
        self.began_at = time.time()
        self._start = time.monotonic()

    def elapsed(self) -> float:
        """Seconds of the watched clock since the drill began."""
        return (time.monotonic() - self._start) * self.rate

    def real(self, seconds: float) -> float:
        """How long these seconds of the watched clock really take."""
        return seconds / self.rate

    def timeout(self, seconds: float) -> float:
        """The same, for what travels by a network that knows nothing of faster clocks."""
        return max(LEAST_TIMEOUT, self.real(seconds))

    def pace(self, seconds: float) -> float:
        """The same, for the pause between two looks."""
        return max(LEAST_PACE, self.real(seconds))

    def pace_of_calls(self, seconds: float) -> float:
        """The same, where a look is a call of the AWS API."""
        return max(LEAST_PACE_OF_CALLS, self.real(seconds))
