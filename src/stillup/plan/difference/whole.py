"""All kinds together, in order, with what must not be."""

from __future__ import annotations

from collections.abc import Iterator

from stillup.plan.difference.alerting import alarm_part, topic_part
from stillup.plan.difference.bucket import bucket_part
from stillup.plan.difference.checks import check_part
from stillup.plan.difference.destruction import destruction
from stillup.plan.difference.in_use import in_use
from stillup.plan.difference.order import ordered
from stillup.plan.difference.part import Part, together
from stillup.plan.difference.records import record_part
from stillup.plan.others import NOBODY, Others
from stillup.plan.ownership import owner
from stillup.plan.setup import Setup
from stillup.plan.step import FailoverPlan, Plan


def difference(
    desired: Setup,
    actual: Setup,
    *,
    adopt: bool = False,
    destroy: bool = False,
    force: bool = False,
    others: Others = NOBODY,
) -> Plan:
    """What makes `actual` into `desired`, or, with `destroy`, takes away what is the failover's own.

    Another hand's resources are changed only with `adopt`, and never destroyed. `force` lets `destroy` delete
    objects that are not in the standby's folder. `others` are the plan file's other failovers. Of what is refused
    there are no steps.
    """
    if destroy:
        part = destruction(desired, actual, others, force=force)
    else:
        part = _change(desired, actual, others, adopt=adopt)
    steps = ordered(part.steps)
    notes = (*part.notes, *_neighbours(actual, others))
    failover = FailoverPlan(desired.name, steps, zone=actual.zone, notes=notes)
    return Plan((failover,), (*part.refusals, *in_use(actual, steps, others)))


def _change(desired: Setup, actual: Setup, others: Others, *, adopt: bool) -> Part:
    checks = check_part(desired, actual, adopt=adopt)
    topics = topic_part(desired, actual, others, adopt=adopt)
    ids = {**checks.ids, **topics.ids}
    return together(
        (
            bucket_part(desired, actual, adopt=adopt),
            checks,
            topics,
            alarm_part(desired, actual, ids, adopt=adopt),
            record_part(desired, actual, ids, adopt=adopt),
        )
    )


def _neighbours(actual: Setup, others: Others) -> Iterator[str]:
    """Failovers that a plan file had, or that another one has."""
    for name in sorted(actual.neighbours - {owner(each) for each in others.names}):
        yield (
            f"{name} was set up by stillup too, and is not in this plan file. Where no other file has it, "
            "`stillup import` writes one with which `stillup destroy` takes it away."
        )
