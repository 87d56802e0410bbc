"""The one real clock and the one real die."""

from __future__ import annotations

import asyncio
import random
import time

from stillup.rules.ids import Instant


class EngineClock:
    """Engine time: starts at the wall clock's reading and runs `rate` times as fast from there.

    Steps of the wall clock (NTP, an operator) do not disturb it. A clock that runs fast is soon ahead of the
    wall's: after a restart it goes on from `not_before`, so that nothing that was kept lies in its future.
    """

    def __init__(self, rate: float = 1.0, *, not_before: Instant = 0.0) -> None:
        self.rate = rate
        wall = time.time()
        self._started_at = wall if rate <= 1.0 else max(wall, not_before)
        self._started_monotonic = time.monotonic()

    def now(self) -> Instant:
        """Seconds since the epoch, in engine time."""
        return self._started_at + (time.monotonic() - self._started_monotonic) * self.rate

    async def sleep(self, seconds: float) -> None:
        """Wait for this long in engine time."""
        await asyncio.sleep(seconds / self.rate)

    def real(self, seconds: float) -> float:
        """How long `seconds` of engine time really take; for `loop.call_later` and time-outs."""
        return seconds / self.rate

    def wall(self) -> Instant:
        """Seconds since the epoch, by the system's clock."""
        return time.time()


class SystemDie:
    """Chance from the operating system, for ids and for the order of answers."""

    def __init__(self) -> None:
        self._random = random.SystemRandom()

    def fraction(self) -> float:
        """A number from 0 up to, and not including, 1."""
        return self._random.random()

    def octets(self, count: int) -> bytes:
        """That many octets that nobody can guess."""
        return self._random.randbytes(count)
