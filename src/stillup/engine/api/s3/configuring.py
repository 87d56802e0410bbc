"""Changing one bucket's settings."""

from __future__ import annotations

from collections.abc import Callable

from stillup.engine.api.call import ApiPorts, Call
from stillup.engine.api.s3.errors import bucket_or_raise, commit_or_raise
from stillup.rules.buckets.bucket import Bucket
from stillup.rules.buckets.errors import refusal
from stillup.rules.changes import BucketConfigured
from stillup.rules.refusal import Refusal
from stillup.rules.world import World


async def configure(ports: ApiPorts, call: Call, change: Callable[[Bucket], Bucket | Refusal]) -> None:
    """Let `change`, which is pure, turn the newest state of the call's bucket into the next, durably."""
    name = bucket_or_raise(ports, call).name

    def decide(world: World) -> BucketConfigured | Refusal | None:
        bucket = world.buckets.get(name)
        if bucket is None:
            return refusal("NoSuchBucket")
        changed = change(bucket)
        if isinstance(changed, Refusal):
            return changed
        return None if changed == bucket else BucketConfigured(changed)

    await commit_or_raise(ports, call, decide)
