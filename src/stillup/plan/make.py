"""The whole Plan: what to do, what speaks against it, what to expect of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from stillup.plan.costs import costs
from stillup.plan.detection import AWS, Checkers
from stillup.plan.difference import difference
from stillup.plan.prediction import predict
from stillup.plan.refusals import impossible, last_answer, mass_deletion
from stillup.plan.setup import Setup
from stillup.plan.step import Plan
from stillup.rules.health.check import Status


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller wants, beyond what the plan file says."""

    destroy: bool = False
    adopt: bool = False
    """Take over what another hand made, and change it."""
    force: bool = False
    """Do what is refused as dangerous: mass deletion, the last healthy answer, foreign objects."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known beside the set-ups."""

    statuses: Mapping[str, Status] = field(default_factory=dict)
    """Of checks, by id; what is not there is not known."""
    checkers: Checkers = AWS
    primary_in_aws: bool = False


def make_plan(desired: Setup, actual: Setup, wish: Wish, knowledge: Knowledge) -> Plan:
    """The Plan of one failover. Refusals are in it, all of them; prediction and costs are of what is asked for."""
    plan = difference(desired, actual, adopt=wish.adopt, destroy=wish.destroy, force=wish.force)
    refusals = list(plan.refusals)
    if not wish.destroy:
        refusals += impossible(desired, zone_name=actual.zone.name)
    if not wish.force:
        refusals += last_answer(actual, plan.steps, knowledge.statuses, destroy=wish.destroy)
        refusals += () if wish.destroy else mass_deletion(actual, plan.steps)
    if wish.destroy:
        return replace(plan, refusals=tuple(refusals))
    (failover,) = plan.failovers
    expected = replace(
        failover,
        prediction=predict(desired, knowledge.checkers),
        costs=costs(desired, primary_in_aws=knowledge.primary_in_aws),
    )
    return Plan((expected,), tuple(refusals))


def combined(plans: Iterable[Plan]) -> Plan:
    """The Plans of several failovers as one; it is refused where any of them is."""
    each = tuple(plans)
    return Plan(
        failovers=tuple(failover for plan in each for failover in plan.failovers),
        refusals=tuple(refusal for plan in each for refusal in plan.refusals),
    )
