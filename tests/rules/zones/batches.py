"""Batches written by hand, applied to the zone of tests/by_hand.py."""

from __future__ import annotations

from stillup.rules.changes import RecordsChanged, ZoneCreated
from stillup.rules.ids import ChangeId
from stillup.rules.records import RecordSet
from stillup.rules.refusal import Refusal
from stillup.rules.world import World, fold
from stillup.rules.zones.apply import apply_batch
from stillup.rules.zones.change_batch import AnyChange, ChangeAction, ChangeBatch, RequestedChange
from stillup.rules.zones.zone import HostedZone, Submission

CHECK = "c1"
SUBMISSION = Submission(ChangeId("C1"), submitted_at=0.0)


def create(record_set: RecordSet) -> RequestedChange:
    return RequestedChange(ChangeAction.CREATE, record_set)


def delete(record_set: RecordSet) -> RequestedChange:
    return RequestedChange(ChangeAction.DELETE, record_set)


def upsert(record_set: RecordSet) -> RequestedChange:
    return RequestedChange(ChangeAction.UPSERT, record_set)


def apply(zone: HostedZone, *changes: AnyChange) -> RecordsChanged | Refusal:
    return apply_batch(zone, ChangeBatch(changes), health_checks={CHECK}, submission=SUBMISSION)


def refused(zone: HostedZone, *changes: AnyChange) -> list[str]:
    """The reasons of the refusal, none if the batch is accepted."""
    outcome = apply(zone, *changes)
    return list(outcome.reasons) if isinstance(outcome, Refusal) else []


def after(zone: HostedZone, *changes: AnyChange) -> HostedZone:
    """The zone once the batch has landed; it must be acceptable."""
    outcome = apply(zone, *changes)
    assert isinstance(outcome, RecordsChanged), outcome
    world = fold(World(), ZoneCreated(zone, SUBMISSION))
    return fold(world, outcome).zones[zone.id]
