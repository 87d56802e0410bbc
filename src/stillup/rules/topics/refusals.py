"""SNS's refusals, in its words (observed on AWS)."""

from __future__ import annotations

from typing import Final

from stillup.rules.refusal import Refusal

NO_TOPIC: Final = Refusal.because("NotFound", "Topic does not exist")
NO_SUBSCRIPTION: Final = Refusal.because("NotFound", "Subscription does not exist")


def invalid(reason: str) -> Refusal:
    """InvalidParameter: what is wrong with which parameter."""
    return Refusal.because("InvalidParameter", f"Invalid parameter: {reason}")
