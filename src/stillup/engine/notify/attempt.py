"""What one attempt to deliver came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stillup.rules.topics.retries import Outcome

WITHIN: Final = 15.0
"""Real seconds that an attempt may take, from looking up the name to the answer (SN-9)."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An outcome, and for people why it is not delivered."""

    outcome: Outcome
    reason: str = ""
    hung: bool = False
    """Whether it took all the time that there was: the next ones may, too."""


DELIVERED: Final = Attempt(Outcome.DELIVERED)
TIMED_OUT: Final = Attempt(Outcome.FAILED, f"No answer within {WITHIN:.0f} seconds.", hung=True)
