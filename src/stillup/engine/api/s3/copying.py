"""Copying objects: CopyObject, and what UploadPartCopy shares with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.description import ENCRYPTION, Description, description_or_raise
from stillup.engine.api.s3.digests import DEFAULT_ALGORITHM, FULL_OBJECT, ContentDigest
from stillup.engine.api.s3.errors import bucket_or_raise, named_bucket_or_raise, raise_if_versioned, s3_error
from stillup.engine.api.s3.reading import ATTEMPTS, conditions_of
from stillup.engine.api.s3.spelling import checksum_members, quoted, time_of
from stillup.engine.api.s3.storing import publish, raise_if_not_overwritable, take_in
from stillup.engine.api.s3.writing import MAX_PUT
from stillup.rules.buckets.bucket import StoredObject
from stillup.rules.buckets.conditional import Verdict, judge
from stillup.rules.buckets.ranges import Span
from stillup.rules.ids import BlobId
from stillup.wire.aws.messages import Output

_REDIRECT: Final = "x-amz-website-redirect-location"


@dataclass(frozen=True, slots=True)
class Copied:
    """Contents copied aside, with what became known on the way."""

    source: StoredObject
    blob: BlobId
    digest: ContentDigest


async def copy_object(ports: ApiPorts, call: Call) -> Output:
    """A copy, with the source's metadata and tags or with new ones."""
    bucket_or_raise(ports, call)
    described = description_or_raise(call)
    raise_if_not_overwritable(ports, call)
    source = source_or_raise(ports, call)
    _raise_if_pointless(call)
    algorithm = call.parameters.get("ChecksumAlgorithm") or next(iter(source.checksums), DEFAULT_ALGORITHM)
    copied = await copy_contents(ports, call, algorithm, lambda found: Span(0, found.size))
    described = _merged(call, copied.source, described)
    stored = StoredObject(
        key=call.parameters["Key"],
        blob=copied.blob,
        size=copied.digest.size,
        etag=copied.digest.etag,
        modified_at=int(ports.clock.now()),
        headers=described.headers,
        metadata=described.metadata,
        checksums=copied.digest.checksums,
        checksum_type=FULL_OBJECT,
        tags=described.tags,
    )
    await publish(ports, call, stored)
    result = {
        "ETag": quoted(stored.etag),
        "LastModified": time_of(stored.modified_at),
        **checksum_members(stored.checksums, FULL_OBJECT),
    }
    return Output({"CopyObjectResult": result, "ServerSideEncryption": ENCRYPTION})


def parse_copy_source(text: str) -> tuple[str, str]:
    """Bucket and key of `[/]bucket/key[?versionId=…]`, percent-encoded. Raises S3's error."""
    path, _, version = text.partition("?versionId=")
    raise_if_versioned(version or None)
    try:
        bucket, slash, key = unquote(path.removeprefix("/"), errors="strict").partition("/")
    except UnicodeDecodeError:
        raise s3_error("InvalidArgument", "The copy source must be encoded as UTF-8") from None
    if not (bucket and slash and key) or bucket.startswith("arn:"):
        raise s3_error(
            "InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"
        )
    return bucket, key


def source_or_raise(ports: ApiPorts, call: Call) -> StoredObject:
    """The object to copy, if the caller's preconditions on it hold; to a copy, 304 is a failure too.

    A date that is yet to come is no reason: S3 passes over it.
    """
    name, key = parse_copy_source(call.parameters["CopySource"])
    bucket = named_bucket_or_raise(ports, call, name, "ExpectedSourceBucketOwner")
    source = bucket.objects.get(key)
    if source is None:
        raise s3_error("NoSuchKey", members={"Key": key})
    conditions = conditions_of(call.parameters, "CopySource")
    if conditions.if_modified_since is not None and conditions.if_modified_since > ports.clock.now():
        conditions = replace(conditions, if_modified_since=None)
    verdict = judge(conditions, etag=source.etag, modified_at=source.modified_at)
    if verdict is not Verdict.PROCEED:
        raise s3_error("PreconditionFailed", members={"Condition": f"x-amz-copy-source-{verdict}"})
    return source


async def copy_contents(
    ports: ApiPorts, call: Call, algorithm: str, choose: Callable[[StoredObject], Span]
) -> Copied:
    """Copy the octets that `choose` names; anew if the source is replaced meanwhile."""
    for _ in range(ATTEMPTS):
        source = source_or_raise(ports, call)
        span = choose(source)
        if span.length > MAX_PUT:
            raise s3_error(
                "InvalidRequest",
                f"The specified copy source is larger than the maximum allowable size for a copy source: {MAX_PUT}",
            )
        digest = ContentDigest([algorithm])
        try:
            chunks = ports.blobs.read(source.blob, span.start, span.length)
            return Copied(source, await take_in(ports, digest.watch(chunks)), digest)
        except FileNotFoundError:
            continue
    raise s3_error("InternalError")


def _raise_if_pointless(call: Call) -> None:
    """An object is copied to itself only to change something about it."""
    target = (call.parameters["Bucket"], call.parameters["Key"])
    changes = (
        call.parameters.get("MetadataDirective") == "REPLACE"
        or "StorageClass" in call.parameters
        or "ServerSideEncryption" in call.parameters
        or _REDIRECT in call.request.headers
    )
    if parse_copy_source(call.parameters["CopySource"]) == target and not changes:
        raise s3_error(
            "InvalidRequest",
            "This copy request is illegal because it is trying to copy an object to itself without changing the "
            "object's metadata, storage class, website redirect location or encryption attributes.",
        )


def _merged(call: Call, source: StoredObject, described: Description) -> Description:
    """The directives choose; a redirect is never copied along (S3 API reference, CopyObject)."""
    headers, metadata = described.headers, described.metadata
    if call.parameters.get("MetadataDirective") != "REPLACE":
        headers = {name: value for name, value in source.headers.items() if name != _REDIRECT}
        if _REDIRECT in described.headers:
            headers[_REDIRECT] = described.headers[_REDIRECT]
        metadata = source.metadata
    replaces_tags = call.parameters.get("TaggingDirective") == "REPLACE"
    return Description(headers, metadata, described.tags if replaces_tags else source.tags)


COPYING_OPERATIONS: Final[Mapping[str, Operation]] = {"CopyObject": copy_object}
