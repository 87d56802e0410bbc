"""The buckets of a failover: the one behind its standby, and those that the plan does not name any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from stillup.plan.ownership import owns_tags
from stillup.plan.setup import Bucket, Record, Setup, StoredObject
from stillup.provision.account import Account
from stillup.provision.errors import ProvisionFailed, explained
from stillup.provision.read.bucket import BucketForbidden, read_bucket
from stillup.provision.read.caller import Caller
from stillup.rules.buckets.names import parse_bucket_name
from stillup.rules.buckets.website_host import parse_host
from stillup.rules.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Buckets:
    """What was found."""

    behind: Bucket | None
    others: tuple[Bucket, ...] = ()
    """The failover's own."""


def read_buckets(
    account: Account,
    caller: Caller,
    name: str,
    *,
    records: Iterable[Record],
    wanted: Setup | None,
    noted: Iterable[str],
) -> Buckets:
    """The plan's bucket, else the one that records point at, else one of the failover's own; and all others of its own.

    Its own are those with the failover's name, those that records point at, and those that are `noted`. Raises
    ProvisionFailed.
    """
    planned = None if wanted is None else wanted.bucket
    pointed = [bucket for record in records for bucket in _website_buckets(record)]
    behind = None if planned is None else _planned(account, caller, planned)
    others = []
    for each in dict.fromkeys((*pointed, name, *noted)):
        # Some names no bucket can have, such as a wildcard's.
        if (planned is not None and each == planned.name) or isinstance(parse_bucket_name(each), Refusal):
            continue
        bucket = _read(account, caller, each, None if wanted is None else {})
        if bucket is None:
            continue
        if planned is None and behind is None and (each in pointed or owns_tags(bucket.tags, name)):
            behind = bucket
        elif owns_tags(bucket.tags, name):
            others.append(bucket)
    return Buckets(behind, tuple(others))


def _planned(account: Account, caller: Caller, planned: Bucket) -> Bucket | None:
    try:
        return _read(account, caller, planned.name, planned.objects, raises=planned.is_published)
    except BucketForbidden as error:
        raise ProvisionFailed(
            f"The bucket {planned.name} exists and is not yours, or you may not look at it.",
            "Bucket names are everybody's: if another account has it, publish elsewhere, such as behind CloudFront "
            "(`standby.alias`). If it is yours, allow s3:ListBucket (`stillup policy`).",
        ) from error


def _read(
    account: Account,
    caller: Caller,
    name: str,
    typed: Mapping[str, StoredObject] | None,
    *,
    raises: bool = False,
) -> Bucket | None:
    try:
        with explained(f"reading the bucket {name}"):
            return read_bucket(account, name, owner=caller.account_id, typed=typed)
    except BucketForbidden:
        if raises:
            raise
        return None


def _website_buckets(record: Record) -> Iterator[str]:
    """The buckets whose websites the record points at (AL-7)."""
    targets = record.values if record.type == "CNAME" else (record.alias.dns_name,) if record.alias else ()
    for host in map(parse_host, targets):
        if host.region is not None:
            yield host.bucket or record.name
