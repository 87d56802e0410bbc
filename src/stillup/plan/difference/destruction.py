"""What takes a failover away: exactly what `apply` made or took over, by ownership."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stillup.plan.difference.alerting import alarm_deletion, own_alarms, topics_left
from stillup.plan.difference.bucket import bucket_deletions, owns_bucket
from stillup.plan.difference.checks import deletion, own_checks
from stillup.plan.difference.part import Part
from stillup.plan.difference.records import own_records, record_deletion
from stillup.plan.others import Others
from stillup.plan.ownership import whose
from stillup.plan.setup import Bucket, Setup
from stillup.plan.step import Refusal

_SHOWN: Final = 5
"""Keys that a refusal names."""


def destruction(desired: Setup, actual: Setup, others: Others, *, force: bool) -> Part:
    """The deletions of everything that is the failover's own, and what stays.

    Objects that are in the bucket and not in the standby's folder may be anybody's: they are a reason to refuse, unless
    the caller insists (`force`).
    """
    failover = actual.name
    steps = [record_deletion(record, failover) for record in own_records(actual)]
    steps += [alarm_deletion(alarm, failover) for alarm in own_alarms(actual)]
    steps += topics_left(desired, actual, others)
    steps += [deletion(check, failover) for check in own_checks(actual)]
    refusals: list[Refusal] = []
    for bucket in (actual.bucket, *actual.other_buckets):
        if bucket is not None and owns_bucket(bucket, failover):
            steps += bucket_deletions(bucket, failover)
            refusals += () if force else _strangers(desired, bucket)
    return Part(steps=tuple(steps), refusals=tuple(refusals), notes=tuple(_left(actual)))


def _strangers(desired: Setup, bucket: Bucket) -> Iterator[Refusal]:
    planned = {} if desired.bucket is None else desired.bucket.objects
    strangers = sorted(set(bucket.objects) - set(planned))
    if strangers:
        shown = ", ".join(strangers[:_SHOWN]) + (", …" if len(strangers) > _SHOWN else "")
        yield Refusal(
            id="foreign-objects",
            text=(
                f"{len(strangers)} of the {len(bucket.objects)} objects in the bucket {bucket.name} "
                f"are not in the standby's folder: {shown}."
            ),
            remedy="Move them elsewhere, or pass --force to have them deleted with the bucket.",
        )


def _left(actual: Setup) -> Iterator[str]:
    """What has to do with the failover, and stays."""
    own = own_records(actual)
    kept_checks = {record.check for record in own if record.check} - {
        check.key for check in own_checks(actual)
    }
    for id_ in sorted(kept_checks):
        yield f"The health check {id_} is not stillup's, and stays."
    if actual.bucket is not None and not owns_bucket(actual.bucket, actual.name):
        yield f"The bucket {actual.bucket.name} is {whose(actual.bucket.tags)}, and stays."
    for record in actual.records:
        if record not in own:
            yield f"The {record.type} record of {actual.name} is not stillup's, and stays."
