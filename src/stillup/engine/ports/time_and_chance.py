"""Time and chance, which only clock.py has."""

from __future__ import annotations

from typing import Protocol

from stillup.rules.ids import Instant


class Clock(Protocol):
    """Engine time; `--clock-rate` makes it run faster than the wall's."""

    def now(self) -> Instant:
        """Seconds since the epoch."""

    async def sleep(self, seconds: float) -> None:
        """Wait for that much engine time."""

    def real(self, seconds: float) -> float:
        """How long that much engine time really takes."""

    def wall(self) -> Instant:
        """What a clock on the wall says, whatever the rate: callers sign with theirs."""


class Die(Protocol):
    """Chance."""

    def fraction(self) -> float:
        """A number in [0, 1)."""

    def octets(self, count: int) -> bytes:
        """Unguessable octets."""
