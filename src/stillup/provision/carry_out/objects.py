"""The pages of the standby's site."""

from __future__ import annotations

from stillup.plan.setup import Bucket, StoredObject
from stillup.plan.step import Action, Step
from stillup.provision.carry_out.buckets import JUST_MADE
from stillup.provision.carry_out.site import Site
from stillup.provision.waiting import patiently


def carry_object(site: Site, step: Step) -> None:
    """Put the object, or delete it. Raises ClientError and ProvisionFailed."""
    if step.action is Action.DELETE:
        bucket = _expected(step)
        site.account.s3(bucket.region).delete_object(Bucket=bucket.name, Key=_stored(step.before).key)
        return
    bucket, stored = _expected(step), _stored(step.after)
    headers = {} if stored.cache_control is None else {"CacheControl": stored.cache_control}
    s3, content = site.account.s3(bucket.region), site.ground.files[stored.key].read()
    patiently(
        lambda: s3.put_object(
            Bucket=bucket.name,
            Key=stored.key,
            Body=content,
            ContentType=stored.content_type or "application/octet-stream",
            **headers,  # type: ignore[arg-type]
        ),
        codes=JUST_MADE,
    )


def _expected(step: Step) -> Bucket:
    if not isinstance(step.within, Bucket):
        raise TypeError(f"an object in no bucket: {step!r}")
    return step.within


def _stored(resource: object) -> StoredObject:
    if not isinstance(resource, StoredObject):
        raise TypeError(f"not an object: {resource!r}")
    return resource
