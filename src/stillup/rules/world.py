"""The world: one immutable picture of everything configured, and how a change leads to the next.

`fold` never refuses: whatever is in the journal was validated before it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar, assert_never

from stillup.rules.alarms.alarm import Alarm
from stillup.rules.buckets.bucket import Bucket
from stillup.rules.changes import (
    AlarmActionsSwitched,
    AlarmPut,
    AlarmsDeleted,
    AlarmStateSet,
    BucketConfigured,
    BucketCreated,
    BucketDeleted,
    Change,
    HealthCheckDeleted,
    HealthCheckPut,
    InstanceWanted,
    MessagesPublished,
    ObjectPut,
    ObjectsDeleted,
    PolicyDeleted,
    PolicyPut,
    RecordsChanged,
    SubscriptionDeleted,
    SubscriptionPut,
    TopicDeleted,
    TopicPut,
    UploadAborted,
    UploadPartPut,
    UploadStarted,
    UserDeleted,
    UserPut,
    ZoneCommentSet,
    ZoneCreated,
    ZoneDeleted,
    ZoneTagsSet,
)
from stillup.rules.health.check import HealthCheck
from stillup.rules.iam.identity import ManagedPolicy, User
from stillup.rules.ids import Arn, BucketName, ChangeId, HealthCheckId, HostedZoneId, InstanceId
from stillup.rules.topics.topic import TOKEN_LIFETIME, Subscription, Topic
from stillup.rules.zones.zone import HostedZone, Submission

REMEMBERED_SUBMISSIONS: Final = 10_000
"""GetChange answers for the newest of them. AWS forgets too; when, it does not say."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission with the sequence number of the change that carried it."""

    submission: Submission
    sequence: int


@dataclass(frozen=True, slots=True)
class World:
    """Everything configured, after `sequence` changes. Replaced whole, never altered."""

    sequence: int = 0
    zones: Mapping[HostedZoneId, HostedZone] = field(default_factory=dict)
    health_checks: Mapping[HealthCheckId, HealthCheck] = field(default_factory=dict)
    retired_references: frozenset[str] = frozenset()
    """CallerReferences of deleted health checks (HC-43)."""
    buckets: Mapping[BucketName, Bucket] = field(default_factory=dict)
    stopped_instances: frozenset[InstanceId] = frozenset()
    submissions: Mapping[ChangeId, Submitted] = field(default_factory=dict)
    alarms: Mapping[Arn, Alarm] = field(default_factory=dict)
    topics: Mapping[Arn, Topic] = field(default_factory=dict)
    subscriptions: Mapping[Arn, Subscription] = field(default_factory=dict)
    ended_subscriptions: Mapping[Arn, Subscription] = field(default_factory=dict)
    """Those that their endpoint may still bring back, and is told so (SN-7)."""
    users: Mapping[str, User] = field(default_factory=dict)
    """By name."""
    policies: Mapping[Arn, ManagedPolicy] = field(default_factory=dict)
    has_had_access_keys: bool = False
    """Whether any user ever had a key: from then on nobody is let in without one."""


def fold(world: World, change: Change) -> World:
    """The world after this change."""
    return replace(_apply(world, change), sequence=world.sequence + 1)


def _apply(world: World, change: Change) -> World:
    match change:
        case ZoneCreated() | ZoneDeleted() | ZoneCommentSet() | ZoneTagsSet() | RecordsChanged():
            return _apply_to_zones(world, change)
        case HealthCheckPut() | HealthCheckDeleted():
            return _apply_to_checks(world, change)
        case InstanceWanted(instance_id, running):
            stopped = world.stopped_instances
            return replace(
                world, stopped_instances=stopped - {instance_id} if running else stopped | {instance_id}
            )
        case BucketCreated() | BucketDeleted():
            return replace(world, buckets=_apply_to_buckets(world.buckets, change))
        case (
            BucketConfigured()
            | ObjectPut()
            | ObjectsDeleted()
            | UploadStarted()
            | UploadPartPut()
            | UploadAborted()
        ):
            name = change.bucket.name if isinstance(change, BucketConfigured) else change.bucket
            bucket = _apply_to_bucket(world.buckets[name], change)
            return replace(world, buckets=_with(world.buckets, name, bucket))
        case AlarmPut() | AlarmsDeleted() | AlarmStateSet() | AlarmActionsSwitched():
            return replace(world, alarms=_apply_to_alarms(world.alarms, change))
        case TopicPut() | TopicDeleted() | SubscriptionPut() | SubscriptionDeleted():
            return _apply_to_topics(world, change)
        case MessagesPublished():
            return world
        case UserPut() | UserDeleted() | PolicyPut() | PolicyDeleted():
            return _apply_to_identities(world, change)
    assert_never(change)


def _apply_to_zones(
    world: World, change: ZoneCreated | ZoneDeleted | ZoneCommentSet | ZoneTagsSet | RecordsChanged
) -> World:
    zones = world.zones
    match change:
        case ZoneCreated(zone, submission):
            return replace(world, zones=_with(zones, zone.id, zone), submissions=_remember(world, submission))
        case ZoneDeleted(zone_id, submission):
            return replace(world, zones=_without(zones, zone_id), submissions=_remember(world, submission))
        case ZoneCommentSet(zone_id, comment):
            return replace(world, zones=_with(zones, zone_id, replace(zones[zone_id], comment=comment)))
        case ZoneTagsSet(zone_id, tags):
            return replace(world, zones=_with(zones, zone_id, replace(zones[zone_id], tags=tags)))
        case RecordsChanged(zone_id, nodes, submission):
            merged = {
                **zones[zone_id].nodes,
                **{node.name: node.record_sets for node in nodes},
            }
            for node in nodes:
                if not node.record_sets:
                    del merged[node.name]
            return replace(
                world,
                zones=_with(zones, zone_id, replace(zones[zone_id], nodes=merged)),
                submissions=_remember(world, submission),
            )
    assert_never(change)


def _apply_to_checks(world: World, change: HealthCheckPut | HealthCheckDeleted) -> World:
    checks = world.health_checks
    match change:
        case HealthCheckPut(check):
            return replace(world, health_checks=_with(checks, check.id, check))
        case HealthCheckDeleted(check_id):
            return replace(
                world,
                health_checks=_without(checks, check_id),
                retired_references=world.retired_references | {checks[check_id].caller_reference},
            )
    assert_never(change)


def _apply_to_buckets(
    buckets: Mapping[BucketName, Bucket], change: BucketCreated | BucketDeleted
) -> Mapping[BucketName, Bucket]:
    match change:
        case BucketCreated(bucket):
            return _with(buckets, bucket.name, bucket)
        case BucketDeleted(name):
            return _without(buckets, name)
    assert_never(change)


def _apply_to_bucket(
    bucket: Bucket,
    change: BucketConfigured | ObjectPut | ObjectsDeleted | UploadStarted | UploadPartPut | UploadAborted,
) -> Bucket:
    match change:
        case BucketConfigured(configured):
            return replace(configured, objects=bucket.objects, uploads=bucket.uploads)
        case ObjectPut(_, stored, completes):
            uploads = bucket.uploads if completes is None else _without(bucket.uploads, completes)
            return replace(bucket, objects=_with(bucket.objects, stored.key, stored), uploads=uploads)
        case ObjectsDeleted(_, keys):
            return replace(bucket, objects=_without(bucket.objects, *keys))
        case UploadStarted(_, upload):
            return replace(bucket, uploads=_with(bucket.uploads, upload.id, upload))
        case UploadPartPut(_, upload_id, part):
            upload = bucket.uploads[upload_id]
            upload = replace(upload, parts=_with(upload.parts, part.number, part))
            return replace(bucket, uploads=_with(bucket.uploads, upload_id, upload))
        case UploadAborted(_, upload_id):
            return replace(bucket, uploads=_without(bucket.uploads, upload_id))
    assert_never(change)


def _apply_to_alarms(
    alarms: Mapping[Arn, Alarm], change: AlarmPut | AlarmsDeleted | AlarmStateSet | AlarmActionsSwitched
) -> Mapping[Arn, Alarm]:
    match change:
        case AlarmPut(alarm):
            return _with(alarms, alarm.arn, alarm)
        case AlarmsDeleted(arns):
            return _without(alarms, *arns)
        case AlarmStateSet(arn, standing):
            return _with(alarms, arn, replace(alarms[arn], standing=standing))
        case AlarmActionsSwitched(arns, enabled):
            return {**alarms, **{arn: replace(alarms[arn], actions_enabled=enabled) for arn in arns}}
    assert_never(change)


def _apply_to_topics(
    world: World, change: TopicPut | TopicDeleted | SubscriptionPut | SubscriptionDeleted
) -> World:
    topics, subscriptions = world.topics, world.subscriptions
    match change:
        case TopicPut(topic):
            return replace(world, topics=_with(topics, topic.arn, topic))
        case TopicDeleted(topic_arn):
            orphans = (arn for arn, each in subscriptions.items() if each.topic_arn == topic_arn)
            ended = (arn for arn, each in world.ended_subscriptions.items() if each.topic_arn == topic_arn)
            return replace(
                world,
                topics=_without(topics, topic_arn),
                subscriptions=_without(subscriptions, *orphans),
                ended_subscriptions=_without(world.ended_subscriptions, *ended),
            )
        case SubscriptionPut(subscription):
            return replace(
                world,
                subscriptions=_with(subscriptions, subscription.arn, subscription),
                ended_subscriptions=_without(world.ended_subscriptions, subscription.arn),
            )
        case SubscriptionDeleted(arn, _, restorable):
            return replace(
                world,
                subscriptions=_without(subscriptions, arn),
                ended_subscriptions=_ended(world.ended_subscriptions, restorable),
            )
    assert_never(change)


def _ended(ended: Mapping[Arn, Subscription], newest: Subscription | None) -> Mapping[Arn, Subscription]:
    """Those that can be brought back, without those whose token was too old when this one ended."""
    if newest is None:
        return ended
    fresh = {arn: each for arn, each in ended.items() if each.token_at >= newest.token_at - TOKEN_LIFETIME}
    return _with(fresh, newest.arn, newest)


def _apply_to_identities(world: World, change: UserPut | UserDeleted | PolicyPut | PolicyDeleted) -> World:
    match change:
        case UserPut(user, formerly):
            others = world.users if formerly is None else _without(world.users, formerly)
            closed = world.has_had_access_keys or bool(user.access_keys)
            return replace(world, users=_with(others, user.name, user), has_had_access_keys=closed)
        case UserDeleted(name):
            return replace(world, users=_without(world.users, name))
        case PolicyPut(policy):
            return replace(world, policies=_with(world.policies, policy.arn, policy))
        case PolicyDeleted(arn):
            return replace(world, policies=_without(world.policies, arn))
    assert_never(change)


def _remember(world: World, submission: Submission) -> dict[ChangeId, Submitted]:
    remembered = {
        **world.submissions,
        submission.id: Submitted(submission, world.sequence + 1),
    }
    while len(remembered) > REMEMBERED_SUBMISSIONS:
        del remembered[next(iter(remembered))]
    return remembered


_K = TypeVar("_K")
_V = TypeVar("_V")


def _with(mapping: Mapping[_K, _V], key: _K, value: _V) -> dict[_K, _V]:
    return {**mapping, key: value}


def _without(mapping: Mapping[_K, _V], *keys: _K) -> dict[_K, _V]:
    gone = set(keys)
    return {key: value for key, value in mapping.items() if key not in gone}
