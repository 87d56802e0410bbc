"""What is told while a plan is carried out."""

from __future__ import annotations

from dataclasses import dataclass

from stillup.plan.step import Step


@dataclass(frozen=True, slots=True)
class Began:
    """The step is being done; the records of a failover begin together."""

    step: Step


@dataclass(frozen=True, slots=True)
class Done:
    """The step is done."""

    step: Step


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing is done until something outside is so."""

    failover: str
    text: str


Event = Began | Done | Waiting
