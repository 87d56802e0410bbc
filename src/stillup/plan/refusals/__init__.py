"""Why a Plan is not carried out, with the arithmetic, and what to do about it."""

from stillup.plan.refusals.impossible import impossible
from stillup.plan.refusals.last_answer import last_answer
from stillup.plan.refusals.mass_deletion import mass_deletion

__all__ = ["impossible", "last_answer", "mass_deletion"]
