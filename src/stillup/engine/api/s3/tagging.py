"""Tags of buckets and objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.configuring import configure
from stillup.engine.api.s3.errors import bucket_or_raise, commit_or_raise, object_or_raise, refused, s3_error
from stillup.rules.buckets.errors import refusal
from stillup.rules.buckets.tags import MAX_BUCKET_TAGS, MAX_OBJECT_TAGS, parse_tags
from stillup.rules.changes import ObjectPut
from stillup.rules.ids import BucketName
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from stillup.wire.aws.messages import Output

Tags = Mapping[str, str]


async def get_bucket_tagging(ports: ApiPorts, call: Call) -> Output:
    """The tags; having none is an error here, unlike with objects."""
    tags = bucket_or_raise(ports, call).tags
    if not tags:
        raise s3_error("NoSuchTagSet", members={"BucketName": call.parameters["Bucket"]})
    return Output({"TagSet": _listed(tags)})


async def put_bucket_tagging(ports: ApiPorts, call: Call) -> Output:
    """The bucket's tags, all of them."""
    tags = _tags_or_raise(call, MAX_BUCKET_TAGS)
    await configure(ports, call, lambda bucket: replace(bucket, tags=tags))
    return Output(status=204)


async def delete_bucket_tagging(ports: ApiPorts, call: Call) -> Output:
    """No tags any more."""
    await configure(ports, call, lambda bucket: replace(bucket, tags={}))
    return Output(status=204)


async def get_object_tagging(ports: ApiPorts, call: Call) -> Output:
    """The tags by key, perhaps none."""
    return Output({"TagSet": _listed(dict(sorted(object_or_raise(ports, call).tags.items())))})


async def put_object_tagging(ports: ApiPorts, call: Call) -> Output:
    """The object's tags, all of them."""
    await _retag(ports, call, _tags_or_raise(call, MAX_OBJECT_TAGS))
    return Output()


async def delete_object_tagging(ports: ApiPorts, call: Call) -> Output:
    """No tags any more."""
    await _retag(ports, call, {})
    return Output(status=204)


async def _retag(ports: ApiPorts, call: Call, tags: Tags) -> None:
    name, key = BucketName(call.parameters["Bucket"]), object_or_raise(ports, call).key

    def decide(world: World) -> ObjectPut | Refusal:
        bucket = world.buckets.get(name)
        if bucket is None:
            return refusal("NoSuchBucket")
        stored = bucket.objects.get(key)
        return refusal("NoSuchKey") if stored is None else ObjectPut(name, replace(stored, tags=tags))

    await commit_or_raise(ports, call, decide)


def _tags_or_raise(call: Call, limit: int) -> Tags:
    stated = call.parameters["Tagging"].get("TagSet") or ()
    tags = parse_tags(((tag["Key"], tag["Value"]) for tag in stated), limit=limit)
    if isinstance(tags, Refusal):
        raise refused(call, tags)
    return tags


def _listed(tags: Tags) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


TAGGING_OPERATIONS: Final[Mapping[str, Operation]] = {
    "DeleteBucketTagging": delete_bucket_tagging,
    "DeleteObjectTagging": delete_object_tagging,
    "GetBucketTagging": get_bucket_tagging,
    "GetObjectTagging": get_object_tagging,
    "PutBucketTagging": put_bucket_tagging,
    "PutObjectTagging": put_object_tagging,
}
