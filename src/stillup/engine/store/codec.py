"""Changes and worlds as JSON, so that an operator can read the journal with sqlite3.

A field that this version does not know is skipped; a kind of change that it does not know is UnknownKind,
because to skip a change would be to serve another world than the one that was acknowledged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from itertools import islice
from time import sleep
from typing import Any, Final

import msgspec

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
from stillup.rules.names import DomainName
from stillup.rules.world import World
from stillup.rules.zones.zone import HostedZone

KINDS: Final[Mapping[str, type[Change]]] = {
    "zone-created": ZoneCreated,
    "zone-deleted": ZoneDeleted,
    "zone-comment-set": ZoneCommentSet,
    "zone-tags-set": ZoneTagsSet,
    "records-changed": RecordsChanged,
    "health-check-put": HealthCheckPut,
    "health-check-deleted": HealthCheckDeleted,
    "bucket-created": BucketCreated,
    "bucket-configured": BucketConfigured,
    "bucket-deleted": BucketDeleted,
    "object-put": ObjectPut,
    "objects-deleted": ObjectsDeleted,
    "upload-started": UploadStarted,
    "upload-part-put": UploadPartPut,
    "upload-aborted": UploadAborted,
    "instance-wanted": InstanceWanted,
    "alarm-put": AlarmPut,
    "alarms-deleted": AlarmsDeleted,
    "alarm-state-set": AlarmStateSet,
    "alarm-actions-switched": AlarmActionsSwitched,
    "topic-put": TopicPut,
    "topic-deleted": TopicDeleted,
    "subscription-put": SubscriptionPut,
    "subscription-deleted": SubscriptionDeleted,
    "messages-published": MessagesPublished,
    "user-put": UserPut,
    "user-deleted": UserDeleted,
    "policy-put": PolicyPut,
    "policy-deleted": PolicyDeleted,
}
"""What the journal calls each change. A name once written stays."""
_SLICE: Final = 100
"""A millisecond of encoding, or less."""
_NAMES: Final = {kind: name for name, kind in KINDS.items()}


class UnknownKind(Exception):
    """The journal holds a change that this version of stillup does not know."""


class Undecodable(Exception):
    """These bytes are not what they are said to be."""


def encode_change(change: Change) -> tuple[str, bytes]:
    """The name of its kind, and its fields."""
    if isinstance(change, BucketConfigured):
        # The change does not use them, and there may be a hundred thousand.
        change = replace(change, bucket=replace(change.bucket, objects={}, uploads={}))
    return _NAMES[type(change)], _ENCODER.encode(change)


def decode_change(kind: str, body: bytes) -> Change:
    """The change. Raises UnknownKind or Undecodable."""
    decoder = _DECODERS.get(kind)
    if decoder is None:
        raise UnknownKind(kind)
    try:
        return decoder.decode(body)
    except ValueError as wrong:
        raise Undecodable(str(wrong)) from wrong


def encode_world(world: World) -> bytes:
    """All of the world; made in slices between which other threads run.

    msgspec lets nobody else run while it encodes, and the thread of the event loop has queries to answer.
    """
    zones = {key: _fields(zone) | {"nodes": _sliced(zone.nodes)} for key, zone in world.zones.items()}
    buckets = {
        key: _fields(bucket) | {"objects": _sliced(bucket.objects), "uploads": _sliced(bucket.uploads)}
        for key, bucket in world.buckets.items()
    }
    large = {
        name: _sliced(getattr(world, name)) for name in ("health_checks", "submissions", "subscriptions")
    }
    return _ENCODER.encode(_fields(world) | large | {"zones": zones, "buckets": buckets})


def decode_world(body: bytes) -> World:
    """The world. Raises Undecodable."""
    try:
        return _WORLD_DECODER.decode(body)
    except ValueError as wrong:
        raise Undecodable(str(wrong)) from wrong


def _fields(value: World | HostedZone | Bucket) -> dict[str, object]:
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _sliced(mapping: Mapping[Any, object]) -> msgspec.Raw:
    items = iter(mapping.items())
    slices: list[bytes] = []
    while piece := dict(islice(items, _SLICE)):
        slices.append(_ENCODER.encode(piece)[1:-1])
        sleep(0)
    return msgspec.Raw(b"{%s}" % b",".join(slices))


def _encode_plain(value: object) -> object:
    if isinstance(value, DomainName):
        return value.to_text()
    if isinstance(value, Mapping):  # a read-only view, say
        return dict(value)
    raise NotImplementedError(type(value))


def _decode_plain(kind: type, value: Any) -> DomainName:
    if kind is DomainName:
        return DomainName.from_text(value)
    raise NotImplementedError(kind)


_ENCODER: Final = msgspec.json.Encoder(enc_hook=_encode_plain)
_DECODERS: Final[Mapping[str, msgspec.json.Decoder[Change]]] = {
    name: msgspec.json.Decoder(kind, dec_hook=_decode_plain) for name, kind in KINDS.items()
}
_WORLD_DECODER: Final = msgspec.json.Decoder(World, dec_hook=_decode_plain)
