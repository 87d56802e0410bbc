"""Carries a Plan out, step by step, in the plan's order; nothing here decides what is to be done."""

from stillup.provision.carry_out.plan import carry_out
from stillup.provision.carry_out.site import Ground

__all__ = ["Ground", "carry_out"]
