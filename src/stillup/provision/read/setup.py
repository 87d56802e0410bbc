"""One failover as the account has it: zone, records, checks, alarms, topics, bucket, in this order.

Each is found through what was read before it: checks through the records, alarms through the checks, topics through
the alarms; and through the names that a plan gives, where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stillup.plan.ownership import owner, usual_name
from stillup.plan.places import noted_places
from stillup.plan.setup import METRICS_REGION, OWNER_TAG, Alarm, Check, Record, Setup, Topic, Zone
from stillup.provision.account import Account
from stillup.provision.errors import explained
from stillup.provision.read.alarms import alarms_of, callers, list_alarms
from stillup.provision.read.buckets import read_buckets
from stillup.provision.read.caller import Caller, read_caller
from stillup.provision.read.checks import checks_of, read_all_checks
from stillup.provision.read.records import read_records
from stillup.provision.read.topics import read_topic, region_of
from stillup.provision.read.zone import read_zone, zone_around


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
    noted = noted_places(checks.values(), name)
    alerting = _Alerting.read(account, name, wanted, noted, checks, every)
    buckets = read_buckets(
        account,
        caller,
        name,
        records=records,
        wanted=wanted,
        noted=[bucket for kind, *rest in noted if kind == "bucket" for bucket in rest],
    )
    return Setup(
        name=name,
        zone=found_zone,
        records=records,
        checks=checks,
        bucket=buckets.behind,
        other_buckets=buckets.others,
        topics=_topics(account, caller, name, alerting, wanted, noted),
        alarms=alerting.alarms,
        neighbours=_neighbours(name, found_zone, every.values()),
    )


def _named_checks(records: Iterable[Record], wanted: Setup | None) -> list[str]:
    planned = [] if wanted is None else [each.id for each in wanted.checks.values()]
    return [each for each in (*(record.check for record in records), *planned) if each is not None]


def _neighbours(name: str, zone: Zone, checks: Iterable[Check]) -> frozenset[str]:
    owners = {check.tags[OWNER_TAG] for check in checks if OWNER_TAG in check.tags} - {owner(name)}
    return frozenset(each for each in owners if f".{each}".endswith(f".{zone.name}"))


@dataclass(frozen=True, slots=True)
class _Alerting:
    """The failover's alarms, and what all alarms call."""

    alarms: tuple[Alarm, ...]
    callers: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(
        cls,
        account: Account,
        name: str,
        wanted: Setup | None,
        noted: Sequence[tuple[str, ...]],
        checks: Mapping[str, Check],
        every: Mapping[str, Check],
    ) -> _Alerting:
        planned = () if wanted is None else wanted.alarms
        noted_regions = [region for kind, *rest in noted if kind == "alarms" for region in rest]
        found: list[Alarm] = []
        calling: dict[str, tuple[str, ...]] = {}
        for region in dict.fromkeys([METRICS_REGION, *(each.region for each in planned), *noted_regions]):
            with explained(f"reading the alarms of {region}"):
                cloudwatch = account.cloudwatch(region)
                listed = list_alarms(cloudwatch)
                names = {each.name for each in planned if each.region == region}
                found += alarms_of(
                    listed, cloudwatch, region, failover=name, wanted=names, checks=checks, existing=every
                )
                calling |= callers(listed)
        return cls(tuple(found), calling)


def _topics(
    account: Account,
    caller: Caller,
    name: str,
    alerting: _Alerting,
    wanted: Setup | None,
    noted: Sequence[tuple[str, ...]],
) -> tuple[Topic, ...]:
    """Those that the alarms call, those of the plan, those that are noted, and one of the usual name."""
    planned = () if wanted is None else wanted.topics
    places = [(usual_name(name), METRICS_REGION)]
    places += [(each, region) for kind, *rest in noted if kind == "topic" for region, each in [rest]]
    called = [
        action
        for alarm in alerting.alarms
        for action in (*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions)
    ]
    arns = [
        *(each.arn or _arn(caller, *each.place) for each in planned),
        *(_arn(caller, *place) for place in places),
        *called,
    ]
    found = []
    for arn in dict.fromkeys(arns):
        region = region_of(arn)
        if region is None:
            continue
        with explained(f"reading the topic {arn}"):
            topic = read_topic(account.sns(region), arn, account_id=caller.account_id)
        if topic is not None:
            found.append(replace(topic, called_by=alerting.callers.get(arn, ())))
    return tuple(found)


def _arn(caller: Caller, name: str, region: str) -> str:
    return f"arn:{caller.partition}:sns:{region}:{caller.account_id}:{name}"
