"""The whole Plan: what to do, what speaks against it, what to expect of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from stillup.plan.costs import costs
from stillup.plan.detection import AWS, Checkers
from stillup.plan.difference import difference
from stillup.plan.others import NOBODY, Others
from stillup.plan.prediction import predict
from stillup.plan.refusals import impossible, last_answer, mass_deletion
from stillup.plan.setup import Setup, Topic
from stillup.plan.step import Action, FailoverPlan, Kind, Plan, Step
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
    others: Others = NOBODY


def make_plan(desired: Setup, actual: Setup, wish: Wish, knowledge: Knowledge) -> Plan:
    """The Plan of one failover. Refusals are in it, all of them; prediction and costs are of what is asked for."""
    plan = difference(
        desired, actual, adopt=wish.adopt, destroy=wish.destroy, force=wish.force, others=knowledge.others
    )
    refusals = list(plan.refusals)
    if not wish.destroy:
        refusals += impossible(desired, zone_name=actual.zone.name)
    if not wish.force:
        refusals += last_answer(actual, plan.steps, knowledge.statuses, destroy=wish.destroy)
        refusals += () if wish.destroy else mass_deletion(desired, actual, plan.steps)
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
    """The Plans of several failovers as one; it is refused where any of them is.

    What each would do to a topic that they share is done once: by the first of them, but deleted by the last.
    """
    each = tuple(plans)
    failovers = [failover for plan in each for failover in plan.failovers]
    first = list(_once(failovers, of_deletions=False))
    last = list(_once(reversed(first), of_deletions=True))
    return Plan(
        failovers=tuple(_told_once(reversed(last))),
        refusals=tuple(refusal for plan in each for refusal in plan.refusals),
    )


def _once(failovers: Iterable[FailoverPlan], *, of_deletions: bool) -> Iterator[FailoverPlan]:
    """Without those steps, either the deletions or the others, that one before has for the same topic."""
    seen: set[object] = set()
    for failover in failovers:
        concerned = [
            _on_topic(step) if (step.action is Action.DELETE) is of_deletions else None
            for step in failover.steps
        ]
        pairs = zip(failover.steps, concerned, strict=True)
        kept = tuple(step for step, what in pairs if what is None or what not in seen)
        seen.update(concerned)
        yield replace(failover, steps=kept)


def _told_once(failovers: Iterable[FailoverPlan]) -> Iterator[FailoverPlan]:
    """Without the notes that one before has as well."""
    seen: set[str] = set()
    for failover in failovers:
        yield replace(failover, notes=tuple(each for each in failover.notes if each not in seen))
        seen.update(failover.notes)


def _on_topic(step: Step) -> tuple[object, ...] | None:
    """What of which topic the step is about; None where it is about something else."""
    topic = step.within if step.kind is Kind.SUBSCRIPTION else step.after or step.before
    return (step.address, topic.place) if isinstance(topic, Topic) else None
