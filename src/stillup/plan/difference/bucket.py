"""The standby's bucket: opened, made a website, filled; or emptied and taken away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from stillup.plan.difference.compare import (
    Attributes,
    block_attributes,
    compare,
    object_attributes,
    policy_attributes,
    tag_attributes,
    website_attributes,
)
from stillup.plan.difference.part import Part, note_not_ours, refuse_not_ours, together
from stillup.plan.ownership import owns_tags
from stillup.plan.setup import OWNER_TAG, Bucket, Setup, StoredObject
from stillup.plan.step import Action, Difference, Kind, Refusal, Step


def bucket_part(desired: Setup, actual: Setup, *, adopt: bool) -> Part:
    """What to do about the bucket.

    | asked for    | there is                     | what differs | adopt | then                                     |
    |--------------|------------------------------|--------------|-------|------------------------------------------|
    | pointed at   | any                          |              | any   | nothing                                  |
    | published    | none                         |              | any   | CREATE, opened, made a website, filled   |
    | published    | ours                         | anything     | any   | UPDATE; stale objects are deleted        |
    | published    | another's, bare ¹            |              | any   | ADOPT, as a new one                      |
    | published    | another's                    | nothing ²    | no    | nothing, with a note                     |
    | published    | another's                    | anything     | no    | refused                                  |
    | published    | another's                    | anything     | yes   | ADOPT, UPDATE; other objects are deleted |
    | published    | in another Region            |              | any   | refused: a bucket cannot move            |
    | nothing ³    | ours                         |              | any   | emptied, DELETE                          |

    ¹ Without tags, policy, website and objects: that is how a run leaves one that ended between making it and tagging
    it, and it harms nobody. ² Of what visitors notice; that ACLs are shut, and objects beyond the plan's, do not matter. ³ Or
    a bucket of another name.
    """
    wanted = desired.bucket
    buckets = [each for each in (actual.bucket, *actual.other_buckets) if each is not None]
    found = next((each for each in buckets if wanted is not None and each.name == wanted.name), None)
    surplus = tuple(
        step
        for bucket in buckets
        if bucket is not found and owns_bucket(bucket, actual.name)
        for step in bucket_deletions(bucket, actual.name)
    )
    part = Part() if wanted is None else _planned(desired.name, wanted, found, adopt=adopt)
    return together((part, Part(steps=surplus)))


def _planned(failover: str, wanted: Bucket, found: Bucket | None, *, adopt: bool) -> Part:
    if not wanted.is_published:
        return Part()
    if found is None:
        return Part(steps=tuple(_published(failover, wanted, None)))
    if found.region != wanted.region:
        return Part(refusals=(_refuse_to_move(wanted, found),))
    if owns_bucket(found, failover) or adopt or _is_bare(found):
        return Part(steps=(*_published(failover, wanted, found), *_stale(failover, wanted, found)))
    what = f"The bucket {found.name}"
    noticed = tuple(_noticed(wanted, found))
    if noticed:
        return Part(refusals=(refuse_not_ours(what, noticed, found.tags),))
    return Part(notes=(note_not_ours(what, found.tags),))


def owns_bucket(bucket: Bucket, failover: str) -> bool:
    """Whether the bucket is the failover's own."""
    return owns_tags(bucket.tags, failover)


def bucket_deletions(bucket: Bucket, failover: str) -> tuple[Step, ...]:
    """The steps that empty a bucket of ours and take it away."""
    objects = _object_deletions(failover, bucket, bucket.objects.values())
    return (*objects, Step(Action.DELETE, Kind.BUCKET, failover, "bucket", bucket, None))


def _published(failover: str, wanted: Bucket, found: Bucket | None) -> Iterator[Step]:
    """What makes the bucket as planned, without what would delete anything."""
    if found is None:
        yield Step(Action.CREATE, Kind.BUCKET, failover, "bucket", None, wanted, _tags(None, wanted))
    elif not owns_bucket(found, failover):
        after = replace(wanted, tags={**found.tags, **wanted.tags})
        why = "Taken over: from now on it is stillup's, and `destroy` takes it away."
        yield Step(Action.ADOPT, Kind.BUCKET, failover, "bucket", found, after, _tags(found, wanted), why=why)
    for kind, address, before, after_, why in _settings(wanted, found):
        differences = compare(before, after_)
        if differences:
            action = Action.CREATE if found is None else Action.UPDATE
            yield Step(action, kind, failover, address, found, wanted, differences, why=why)
    yield from _uploads(failover, wanted, found)


def _settings(
    wanted: Bucket, found: Bucket | None
) -> tuple[tuple[Kind, str, Attributes, Attributes, str], ...]:
    """S3-10, in its order; a new bucket is wholly blocked (S3-7)."""
    return (
        (
            Kind.PUBLIC_ACCESS_BLOCK,
            "bucket/public-access-block",
            dict.fromkeys(block_attributes(None), True) if found is None else block_attributes(found.block),
            block_attributes(wanted.block),
            "A public bucket policy is let through, which a website needs; access by ACL stays blocked.",
        ),
        (
            Kind.BUCKET_POLICY,
            "bucket/policy",
            policy_attributes(None if found is None else found.policy),
            policy_attributes(wanted.policy),
            "Everybody on the Internet may read every object in this bucket.",
        ),
        (
            Kind.WEBSITE,
            "bucket/website",
            website_attributes(None if found is None else found.website),
            website_attributes(wanted.website),
            "Visitors are served over HTTP only: S3 websites have no HTTPS.",
        ),
    )


def _uploads(failover: str, wanted: Bucket, found: Bucket | None) -> Iterator[Step]:
    for key, new in sorted(wanted.objects.items(), key=_pages_last):
        old = None if found is None else found.objects.get(key)
        differences = _object_differences(old, new)
        action = Action.CREATE if old is None else Action.UPDATE
        if differences:
            yield Step(action, Kind.OBJECT, failover, f"object/{key}", old, new, differences, within=wanted)


def _pages_last(item: tuple[str, StoredObject]) -> tuple[bool, str]:
    """What a page shows is there before the page."""
    return is_page(item[0]), item[0]


def is_page(key: str) -> bool:
    """Whether an object of this key shows others."""
    return key.endswith((".html", ".htm"))


def _object_differences(old: StoredObject | None, new: StoredObject) -> tuple[Difference, ...]:
    """A listing tells of the octets only; then the headers are taken for right."""
    if old is None:
        return compare({}, object_attributes(new, whole=True))
    whole = old.content_type is not None
    return compare(object_attributes(old, whole=whole), object_attributes(new, whole=whole))


def _stale(failover: str, wanted: Bucket, found: Bucket) -> tuple[Step, ...]:
    stale = (old for key, old in found.objects.items() if key not in wanted.objects)
    return _object_deletions(failover, found, stale)


def _object_deletions(failover: str, bucket: Bucket, objects: Iterable[StoredObject]) -> tuple[Step, ...]:
    return tuple(
        Step(Action.DELETE, Kind.OBJECT, failover, f"object/{each.key}", each, None, within=bucket)
        for each in sorted(objects, key=lambda each: each.key)
    )


def _is_bare(bucket: Bucket) -> bool:
    return not (bucket.tags or bucket.objects) and bucket.policy is None and bucket.website is None


def _noticed(wanted: Bucket, found: Bucket) -> Iterator[Difference]:
    """What a visitor would notice of the difference."""
    open_ = ("BlockPublicPolicy", "RestrictPublicBuckets")
    before, after = block_attributes(found.block), block_attributes(wanted.block)
    yield from compare({name: before[name] for name in open_}, {name: after[name] for name in open_})
    yield from compare(policy_attributes(found.policy), policy_attributes(wanted.policy))
    yield from compare(website_attributes(found.website), website_attributes(wanted.website))
    for key, new in sorted(wanted.objects.items()):
        old = found.objects.get(key)
        if old is None or old.digest != new.digest:
            yield Difference(f"object {key}", None if old is None else old.digest, new.digest)


def _tags(found: Bucket | None, wanted: Bucket) -> tuple[Difference, ...]:
    return compare(
        tag_attributes({} if found is None else found.tags, (OWNER_TAG,)),
        tag_attributes(wanted.tags, (OWNER_TAG,)),
    )


def _refuse_to_move(wanted: Bucket, found: Bucket) -> Refusal:
    return Refusal(
        id="bucket-cannot-move",
        text=f"The bucket {found.name} is in {found.region}, the plan says {wanted.region}, and a bucket cannot move.",
        remedy=f"Say `region: {found.region}` under `standby`, or empty and delete the bucket first.",
    )
