"""The steps of a Plan, one after the other, each by the file of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from stillup.plan.difference.bucket import is_page
from stillup.plan.step import Action, FailoverPlan, Kind, Plan, Step
from stillup.provision.account import Account
from stillup.provision.at_once import at_once
from stillup.provision.carry_out.alarms import carry_alarm
from stillup.provision.carry_out.buckets import carry_bucket, carry_setting
from stillup.provision.carry_out.checks import carry_check
from stillup.provision.carry_out.objects import carry_object
from stillup.provision.carry_out.records import await_insync, carry_records
from stillup.provision.carry_out.site import Ground, Site
from stillup.provision.carry_out.topics import carry_subscription, carry_topic
from stillup.provision.errors import ProvisionFailed, explained
from stillup.provision.progress import Began, Done, Event, Waiting

_CARRIERS: Final[Mapping[Kind, Callable[[Site, Step], None]]] = {
    Kind.BUCKET: carry_bucket,
    Kind.PUBLIC_ACCESS_BLOCK: carry_setting,
    Kind.BUCKET_POLICY: carry_setting,
    Kind.WEBSITE: carry_setting,
    Kind.OBJECT: carry_object,
    Kind.CHECK: carry_check,
    Kind.TOPIC: carry_topic,
    Kind.SUBSCRIPTION: carry_subscription,
    Kind.ALARM: carry_alarm,
}
"""Every kind but records, which go together."""


def carry_out(plan: Plan, grounds: Mapping[str, Ground], account: Account) -> Iterator[Event]:
    """Do what the plan says, and tell of it; done when the iterator ends.

    `grounds` are by failover. Wherever it stops, a new plan made from what is there then goes on from there. Raises
    ProvisionFailed, and at once for a plan that is refused.
    """
    if plan.refusals:
        raise ProvisionFailed(plan.refusals[0].text, plan.refusals[0].remedy)
    topics: dict[tuple[str, str], str] = {}
    for failover in plan.failovers:
        site = Site(account, grounds[failover.name], topics=topics)
        yield from _carry_failover(failover, site)


def _carry_failover(failover: FailoverPlan, site: Site) -> Iterator[Event]:
    for (kind, *_), group in groupby(failover.steps, key=_together):
        steps = tuple(group)
        if kind is Kind.RECORD:
            yield from _carry_records(site, steps)
        elif kind is Kind.OBJECT:
            yield from (Began(step) for step in steps)
            yield from at_once(lambda step: _carry(site, step), steps)
        else:
            for step in steps:
                yield Began(step)
                yield _carry(site, step)


def _together(step: Step) -> tuple[Kind, bool, bool]:
    """Records are one change; objects are carried at once, but no page before what it shows."""
    is_object = step.kind is Kind.OBJECT
    return step.kind, is_object and step.action is Action.DELETE, is_object and is_page(step.address)


def _carry(site: Site, step: Step) -> Done:
    with explained(f"doing the step {step.action} {step.address} of {step.failover}"):
        _CARRIERS[step.kind](site, step)
    return Done(step)


def _carry_records(site: Site, steps: Sequence[Step]) -> Iterator[Event]:
    """Whatever follows may take away what the old records pointed at, so every server must have the new ones."""
    for step in steps:
        yield Began(step)
    with explained(f"changing the records of {steps[0].failover}"):
        change_id = carry_records(site, steps)
    yield Waiting(steps[0].failover, "until every name server of the zone answers so (INSYNC)")
    with explained("waiting for INSYNC"):
        await_insync(site, change_id)
    for step in steps:
        yield Done(step)
