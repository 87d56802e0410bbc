"""One failover as the account has it: zone, records, checks, alarms, topics, bucket, in this order.

Each is found through what was read before it: checks through the records, alarms through the checks, topics through
the alarms; and through the names that a plan gives, where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from stillup.plan.ownership import owns_tags, slug
from stillup.plan.setup import Alarm, Bucket, Check, Record, Setup, StoredObject, Topic
from stillup.provision.account import Account
from stillup.provision.errors import ProvisionFailed, explained
from stillup.provision.read.alarms import METRICS_REGION, read_alarms
from stillup.provision.read.bucket import BucketForbidden, read_bucket
from stillup.provision.read.caller import Caller, read_caller
from stillup.provision.read.checks import checks_of, read_all_checks
from stillup.provision.read.records import read_records
from stillup.provision.read.topics import read_topic, region_of
from stillup.provision.read.zone import read_zone, zone_around
from stillup.rules.buckets.names import parse_bucket_name
from stillup.rules.refusal import Refusal

_WEBSITE: Final = re.compile(r"(?:(?P<bucket>.+)\.)?s3-website[-.][a-z0-9-]+\.amazonaws\.com(?:\.cn)?")


def read_setup(account: Account, name: str, *, zone: str | None = None, wanted: Setup | None = None) -> Setup:
    """What there is of the failover with this name.

    `zone` is a name or an id; without it the zone that the name is in. `wanted` is what a plan asks for, and gives the
    names of what no record leads to. Raises ProvisionFailed.
    """
    with explained("reading who is calling"):
        caller = read_caller(account)
    with explained("reading the hosted zone"):
        found_zone = zone_around(account.route53, name) if zone is None else read_zone(account.route53, zone)
    with explained("reading the records"):
        records = read_records(account.route53, found_zone.id or "", name)
    with explained("reading the health checks"):
        every = read_all_checks(account.route53)
    checks = checks_of(name, every, _named_checks(records, wanted))
    alarms = _alarms(account, name, wanted, checks, every)
    return Setup(
        name=name,
        zone=found_zone,
        records=records,
        checks=checks,
        bucket=_bucket(account, caller, name, records, wanted),
        topics=_topics(account, caller, name, alarms, wanted),
        alarms=alarms,
    )


def _named_checks(records: Iterable[Record], wanted: Setup | None) -> list[str]:
    planned = [] if wanted is None else [each.id for each in wanted.checks.values()]
    return [each for each in (*(record.check for record in records), *planned) if each is not None]


def _alarms(
    account: Account, name: str, wanted: Setup | None, checks: Mapping[str, Check], every: Mapping[str, Check]
) -> tuple[Alarm, ...]:
    planned = () if wanted is None else wanted.alarms
    found: list[Alarm] = []
    for region in sorted({METRICS_REGION, *(each.region for each in planned)}):
        with explained(f"reading the alarms of {region}"):
            found += read_alarms(
                account.cloudwatch(region),
                region,
                failover=name,
                wanted={each.name for each in planned if each.region == region},
                checks=checks,
                existing=every,
            )
    return tuple(found)


def _topics(
    account: Account, caller: Caller, name: str, alarms: Iterable[Alarm], wanted: Setup | None
) -> tuple[Topic, ...]:
    """Those that the alarms call, those of the plan, and the one that is made where a plan names none."""
    planned = [_arn(caller, each) for each in (() if wanted is None else wanted.topics)]
    usual = _arn(caller, Topic("topic", f"stillup-{slug(name)}", METRICS_REGION))
    called = [
        action
        for alarm in alarms
        for action in (*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions)
    ]
    found = []
    for arn in dict.fromkeys([*planned, usual, *called]):
        region = region_of(arn)
        if region is None:
            continue
        with explained(f"reading the topic {arn}"):
            topic = read_topic(account.sns(region), arn, account_id=caller.account_id)
        if topic is not None:
            found.append(topic)
    return tuple(found)


def _arn(caller: Caller, topic: Topic) -> str:
    return topic.arn or f"arn:{caller.partition}:sns:{topic.region}:{caller.account_id}:{topic.name}"


def _bucket(
    account: Account, caller: Caller, name: str, records: Iterable[Record], wanted: Setup | None
) -> Bucket | None:
    """The plan's bucket, else the one that records point at, else one with the failover's name that was made for it."""
    planned = None if wanted is None else wanted.bucket
    pointed = next(filter(None, map(_website_bucket, records)), None)
    bucket_name = planned.name if planned is not None else pointed or name
    if planned is None and isinstance(parse_bucket_name(bucket_name), Refusal):
        return None  # No bucket can have the name, such as a wildcard's.
    typed: Mapping[str, StoredObject] | None = None if planned is None else planned.objects
    try:
        with explained(f"reading the bucket {bucket_name}"):
            found = read_bucket(account, bucket_name, owner=caller.account_id, typed=typed)
    except BucketForbidden as error:
        if planned is None or not planned.is_published:
            return None
        raise ProvisionFailed(
            f"The bucket {bucket_name} exists and is not yours, or you may not look at it.",
            "Bucket names are everybody's: if another account has it, publish elsewhere, such as behind CloudFront "
            "(`standby.alias`). If it is yours, allow s3:ListBucket (`stillup policy`).",
        ) from error
    is_meant = planned is not None or pointed is not None
    return found if found is not None and (is_meant or owns_tags(found.tags, name)) else None


def _website_bucket(record: Record) -> str | None:
    """The bucket whose website the record points at."""
    targets = record.values if record.type == "CNAME" else (record.alias.dns_name,) if record.alias else ()
    for target in targets:
        found = _WEBSITE.fullmatch(target.lower().removesuffix("."))
        if found is not None:
            return found["bucket"] or record.name
    return None
