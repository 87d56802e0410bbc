"""The changes: every atomic step that can be taken from one world to the next.

Each is what the journal holds for one acknowledged API call, so a field once written stays readable:
add fields with defaults, never rename one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from stillup.rules.alarms.alarm import Alarm, HistoryItem, Standing
from stillup.rules.buckets.bucket import Bucket, MultipartUpload, StoredObject, UploadPart
from stillup.rules.health.check import HealthCheck
from stillup.rules.iam.identity import ManagedPolicy, User
from stillup.rules.ids import Arn, BucketName, HealthCheckId, HostedZoneId, InstanceId, UploadId
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet
from stillup.rules.topics.message import Message
from stillup.rules.topics.topic import Subscription, Topic
from stillup.rules.zones.zone import HostedZone, Submission


@dataclass(frozen=True, slots=True)
class ZoneCreated:
    """A zone with its default NS and SOA (HZ-2)."""

    zone: HostedZone
    submission: Submission


@dataclass(frozen=True, slots=True)
class ZoneDeleted:
    """The zone and all in it are gone."""

    zone_id: HostedZoneId
    submission: Submission


@dataclass(frozen=True, slots=True)
class ZoneCommentSet:
    """UpdateHostedZoneComment."""

    zone_id: HostedZoneId
    comment: str


@dataclass(frozen=True, slots=True)
class ZoneTagsSet:
    """The zone's tags, as they are from now on."""

    zone_id: HostedZoneId
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """All record sets of one name, as they are from now on; none: the name is gone."""

    name: DomainName
    record_sets: tuple[RecordSet, ...]


@dataclass(frozen=True, slots=True)
class RecordsChanged:
    """A ChangeResourceRecordSets batch, as the nodes that it leaves behind (CH-2)."""

    zone_id: HostedZoneId
    nodes: tuple[Node, ...]
    submission: Submission


@dataclass(frozen=True, slots=True)
class HealthCheckPut:
    """A health check created, updated or tagged: as it is from now on."""

    check: HealthCheck


@dataclass(frozen=True, slots=True)
class HealthCheckDeleted:
    """The check is gone; its CallerReference stays taken (HC-43)."""

    check_id: HealthCheckId


@dataclass(frozen=True, slots=True)
class BucketCreated:
    """A new bucket; everything in it comes later."""

    bucket: Bucket


@dataclass(frozen=True, slots=True)
class BucketConfigured:
    """The bucket's settings as they are from now on; `objects` and `uploads` of the value are not used."""

    bucket: Bucket


@dataclass(frozen=True, slots=True)
class BucketDeleted:
    """The bucket is gone."""

    bucket: BucketName


@dataclass(frozen=True, slots=True)
class ObjectPut:
    """An object exists, perhaps in another's place; an upload that ends with it is over."""

    bucket: BucketName
    object: StoredObject
    completes: UploadId | None = None


@dataclass(frozen=True, slots=True)
class ObjectsDeleted:
    """Objects are gone."""

    bucket: BucketName
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UploadStarted:
    """A multipart upload began."""

    bucket: BucketName
    upload: MultipartUpload


@dataclass(frozen=True, slots=True)
class UploadPartPut:
    """A part arrived, perhaps in another's place."""

    bucket: BucketName
    upload_id: UploadId
    part: UploadPart


@dataclass(frozen=True, slots=True)
class UploadAborted:
    """A multipart upload was given up."""

    bucket: BucketName
    upload_id: UploadId


@dataclass(frozen=True, slots=True)
class InstanceWanted:
    """An instance shall run, or shall not."""

    instance_id: InstanceId
    running: bool


@dataclass(frozen=True, slots=True)
class AlarmPut:
    """An alarm created, configured anew or tagged: as it is from now on."""

    alarm: Alarm
    history: tuple[HistoryItem, ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmsDeleted:
    """Alarms are gone, whatever they were; their history stays."""

    arns: tuple[Arn, ...]
    history: tuple[HistoryItem, ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmStateSet:
    """An alarm's state after an evaluation or SetAlarmState, with the messages that tell of it.

    One change, so that no state is acknowledged whose message could be lost.
    """

    arn: Arn
    standing: Standing
    history: tuple[HistoryItem, ...] = ()
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmActionsSwitched:
    """EnableAlarmActions and DisableAlarmActions."""

    arns: tuple[Arn, ...]
    enabled: bool
    history: tuple[HistoryItem, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicPut:
    """A topic created, or its attributes or tags changed: as it is from now on.

    With the heartbeat that is published, where that is what changed.
    """

    topic: Topic
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicDeleted:
    """The topic and its subscriptions are gone."""

    arn: Arn


@dataclass(frozen=True, slots=True)
class SubscriptionPut:
    """A subscription made, confirmed or changed: as it is from now on. A new one is told to confirm."""

    subscription: Subscription
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriptionDeleted:
    """A subscription is over; its endpoint may be told so."""

    arn: Arn
    messages: tuple[Message, ...] = ()
    restorable: Subscription | None = None
    """The subscription, as the token in the messages brings it back within two days of `token_at`."""


@dataclass(frozen=True, slots=True)
class MessagesPublished:
    """Messages for a topic's subscribers. The world stays as it is; the outbox has them with this change."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class UserPut:
    """A user created, or his keys, policies or tags changed: as he is from now on."""

    user: User
    formerly: str | None = None
    """The name that he had until now, where UpdateUser gave him another."""


@dataclass(frozen=True, slots=True)
class UserDeleted:
    """The user is gone, with his keys."""

    name: str


@dataclass(frozen=True, slots=True)
class PolicyPut:
    """A managed policy created, or with another version, default or tags: as it is from now on."""

    policy: ManagedPolicy


@dataclass(frozen=True, slots=True)
class PolicyDeleted:
    """The managed policy is gone; nobody has it attached."""

    arn: Arn


Change: TypeAlias = (
    ZoneCreated
    | ZoneDeleted
    | ZoneCommentSet
    | ZoneTagsSet
    | RecordsChanged
    | HealthCheckPut
    | HealthCheckDeleted
    | BucketCreated
    | BucketConfigured
    | BucketDeleted
    | ObjectPut
    | ObjectsDeleted
    | UploadStarted
    | UploadPartPut
    | UploadAborted
    | InstanceWanted
    | AlarmPut
    | AlarmsDeleted
    | AlarmStateSet
    | AlarmActionsSwitched
    | TopicPut
    | TopicDeleted
    | SubscriptionPut
    | SubscriptionDeleted
    | MessagesPublished
    | UserPut
    | UserDeleted
    | PolicyPut
    | PolicyDeleted
)


def messages_of(change: Change) -> tuple[Message, ...]:
    """What the outbox takes with this change."""
    match change:
        case AlarmStateSet() | TopicPut() | SubscriptionPut() | SubscriptionDeleted() | MessagesPublished():
            return change.messages
    return ()


def history_of(change: Change) -> tuple[HistoryItem, ...]:
    """What the history of alarms takes with this change."""
    match change:
        case AlarmPut() | AlarmsDeleted() | AlarmStateSet() | AlarmActionsSwitched():
            return change.history
    return ()
