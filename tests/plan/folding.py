"""An account as small as can be: what a Plan's steps leave of a Setup, one step at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from stillup.plan.references import is_reference, resolve
from stillup.plan.setup import Alarm, Bucket, Check, Record, Setup, StoredObject, Subscription, Topic, Zone
from stillup.plan.step import Action, Kind, Plan, Step

_numbers = count(1)
ZONE = Zone("example.com", id="Z1")
NOTHING = Setup("www.example.com", ZONE)


def carried_out(plan: Plan, setup: Setup = NOTHING) -> Setup:
    """The account when all of the plan is done."""
    *_, last = (setup, *stages(plan, setup))
    return last


def stages(plan: Plan, setup: Setup) -> Iterator[Setup]:
    """The account after each step; the records are one step, as they are one change batch."""
    ids: dict[str, str] = {}
    steps = list(plan.steps)
    for position, step in enumerate(steps):
        setup = _after(step, setup, ids)
        more = position + 1 < len(steps) and steps[position + 1].kind is Kind.RECORD
        if not (step.kind is Kind.RECORD and more):
            yield setup


def _after(step: Step, setup: Setup, ids: dict[str, str]) -> Setup:
    before, after = step.before, step.after
    match step.kind:
        case Kind.CHECK:
            return replace(setup, checks=_checks(step, dict(setup.checks), ids))
        case Kind.TOPIC:
            others = tuple(each for each in setup.topics if each != before)
            if isinstance(after, Topic):
                ids["topic"] = arn = after.arn or f"arn:aws:sns:{after.region}:123456789012:{after.name}"
                subscriptions = () if step.action is Action.CREATE else after.subscriptions
                others += (replace(after, key=arn, arn=arn, subscriptions=subscriptions),)
            return replace(setup, topics=others)
        case Kind.SUBSCRIPTION:
            return replace(setup, topics=tuple(_subscribed(step, topic, ids) for topic in setup.topics))
        case Kind.ALARM:
            alarms = tuple(each for each in setup.alarms if each != before)
            return replace(
                setup, alarms=(*alarms, _resolved(after, ids)) if isinstance(after, Alarm) else alarms
            )
        case Kind.RECORD:
            records = tuple(each for each in setup.records if each != before)
            if isinstance(after, Record):
                check = None if after.check is None else resolve(after.check, ids)
                assert check is None or not is_reference(check), "the check was to be made first"
                assert all(_identity(each) != _identity(after) for each in records)
                records += (replace(after, check=check),)
            return replace(setup, records=records)
        case _:
            return replace(setup, bucket=_bucket(step, setup.bucket))


def _identity(record: Record) -> tuple[str, str | None]:
    return record.type, record.set_identifier


def _checks(step: Step, checks: dict[str, Check], ids: dict[str, str]) -> dict[str, Check]:
    before, after = step.before, step.after
    if isinstance(after, Check):
        id_ = after.id or f"check-{next(_numbers)}"
        ids[step.address] = id_
        checks[id_] = replace(after, key=id_, id=id_)
    elif isinstance(before, Check):
        del checks[before.key]
    return checks


def _subscribed(step: Step, topic: Topic, ids: dict[str, str]) -> Topic:
    assert isinstance(step.within, Topic)
    if topic.arn != (step.within.arn or ids["topic"]):
        return topic
    subscriptions = tuple(each for each in topic.subscriptions if each != step.before)
    if isinstance(step.after, Subscription):
        subscriptions += (replace(step.after, arn="arn:…", is_confirmed=True),)
    return replace(topic, subscriptions=subscriptions)


def _resolved(alarm: Alarm, ids: dict[str, str]) -> Alarm:
    told = {"alarm_actions": alarm.alarm_actions, "ok_actions": alarm.ok_actions}
    resolved = {name: tuple(resolve(each, ids) for each in arns) for name, arns in told.items()}
    dimensions = {name: resolve(value, ids) for name, value in alarm.dimensions.items()}
    assert "${" not in str((resolved, dimensions)), "what the alarm needs was to be made first"
    return replace(alarm, dimensions=dimensions, **resolved)


def _bucket(step: Step, bucket: Bucket | None) -> Bucket | None:
    match step.kind, step.action, step.after:
        case Kind.BUCKET, Action.DELETE, _:
            assert bucket is not None and not bucket.objects, "only an empty bucket can be deleted"
            return None
        case Kind.BUCKET, Action.CREATE, Bucket() as after:
            return Bucket(after.name, after.region, tags=after.tags)
        case Kind.BUCKET, _, Bucket() as after:
            assert bucket is not None
            return replace(bucket, tags=after.tags)
        case _:
            assert bucket is not None, "the bucket was to be made first"
            return _changed(step, bucket)


def _changed(step: Step, bucket: Bucket) -> Bucket:
    match step.kind, step.after:
        case Kind.PUBLIC_ACCESS_BLOCK, Bucket() as after:
            return replace(bucket, block=after.block)
        case Kind.BUCKET_POLICY, Bucket() as after:
            return replace(bucket, policy=after.policy)
        case Kind.WEBSITE, Bucket() as after:
            return replace(bucket, website=after.website)
        case Kind.OBJECT, StoredObject() as after:
            return replace(bucket, objects={**bucket.objects, after.key: after})
        case _:
            objects = {key: each for key, each in bucket.objects.items() if each != step.before}
            return replace(bucket, objects=objects)
