"""What must not be deleted, since a record that stays points at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stillup.plan.others import Others
from stillup.plan.ownership import SET_IDENTIFIERS
from stillup.plan.setup import Bucket, Check, Record, Setup
from stillup.plan.step import Action, Kind, Refusal, Step
from stillup.rules.names import DomainName
from stillup.rules.zones.s3_endpoints import website_endpoint


def in_use(actual: Setup, steps: Iterable[Step], others: Others) -> Iterator[Refusal]:
    """A refusal for each check and bucket that the steps delete from under a record, or from under another failover.

    A name that points at a bucket that is gone is anybody's who makes a bucket of that name (takeover); a record
    whose check is gone counts as well for ever (HC-44).
    """
    listed = tuple(steps)
    remaining = list(_remaining(actual, listed))
    for step in listed:
        if step.action is not Action.DELETE:
            continue
        for record in remaining:
            if _points_at(record, step.before):
                yield _under_a_record(record, step)
        user = others.user_of(step.before)
        if user is not None:
            yield Refusal(
                id="in-use",
                text=f"{user} names the {step.kind} of {step.failover} that is to be deleted.",
                remedy=f"Change the plan of {user}, or take both away together.",
            )


def _under_a_record(record: Record, step: Step) -> Refusal:
    remedy = "Pass --adopt to `stillup apply` to take the record over, or delete it first."
    if record.set_identifier in SET_IDENTIFIERS.values() and step.kind is Kind.BUCKET:
        remedy = f"A website's bucket has its visitors' name (AL-7): leave `standby.bucket` out, or say {record.name}."
    return Refusal(
        id="in-use",
        text=(
            f"The {record.type} record {record.set_identifier or ''} of {record.name} stays, "
            f"and points at the {step.kind} that is to be deleted."
        ),
        remedy=remedy,
    )


def _remaining(actual: Setup, steps: Iterable[Step]) -> Iterator[Record]:
    """The records as the steps leave them."""
    touched = [step for step in steps if step.kind is Kind.RECORD]
    gone = [step.before for step in touched]
    yield from (record for record in actual.records if record not in gone)
    yield from (step.after for step in touched if isinstance(step.after, Record))


def _points_at(record: Record, resource: object) -> bool:
    match resource:
        case Check(id=id_, key=key):
            return record.check is not None and record.check in (id_, key)
        case Bucket(name=name):
            return name in _buckets(record)
        case _:
            return False


def _buckets(record: Record) -> Iterator[str]:
    """Buckets that visitors of the record are sent to: the one in the endpoint's name, else the one of its own (AL-7)."""
    targets = record.values if record.type == "CNAME" else ()
    for target in (*targets, *((record.alias.dns_name,) if record.alias else ())):
        endpoint = website_endpoint(DomainName.from_text(target))
        if endpoint is not None:
            yield endpoint.bucket or record.name
            yield record.name
