"""Reading objects: GetObject, HeadObject, GetObjectAttributes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation, Reply
from stillup.engine.api.s3.description import ENCRYPTION
from stillup.engine.api.s3.errors import object_or_raise, s3_error
from stillup.engine.api.s3.spelling import Members, checksum_members, quoted, time_of
from stillup.rules.buckets.bucket import StoredObject
from stillup.rules.buckets.conditional import Conditions, judge, render_http_date
from stillup.rules.buckets.listing import MAX_PAGE
from stillup.rules.buckets.ranges import Span, Unsatisfiable, choose_span
from stillup.wire.aws.messages import Output

# An object may be replaced between the look at it and the first read; then the newest world is asked again.
ATTEMPTS: Final = 5

_OVERRIDES: Final = {
    "ResponseCacheControl": "cache-control",
    "ResponseContentDisposition": "content-disposition",
    "ResponseContentEncoding": "content-encoding",
    "ResponseContentLanguage": "content-language",
    "ResponseContentType": "content-type",
    "ResponseExpires": "expires",
}


async def get_object(ports: ApiPorts, call: Call) -> Reply:
    """The object or a part of it, streamed."""
    for _ in range(ATTEMPTS):
        seen = _look(object_or_raise(ports, call), call)
        if seen.span.length == 0:
            return Reply(seen.output)
        try:
            chunks = ports.blobs.read(seen.stored.blob, seen.span.start, seen.span.length)
            first = await anext(chunks, b"")
        except FileNotFoundError:
            continue
        return Reply(seen.output, _chain(first, chunks))
    raise s3_error("InternalError")


async def head_object(ports: ApiPorts, call: Call) -> Output:
    """What GetObject says before the contents."""
    return _look(object_or_raise(ports, call), call).output


async def get_object_attributes(ports: ApiPorts, call: Call) -> Output:
    """Those attributes that were asked for."""
    stored = object_or_raise(ports, call)
    known: Members = {
        "ETag": stored.etag,
        "Checksum": checksum_members(stored.checksums, stored.checksum_type),
        "ObjectParts": _parts(stored, call),
        "StorageClass": "STANDARD",
        "ObjectSize": stored.size,
    }
    wanted = {name for item in call.parameters["ObjectAttributes"] for name in item.split(",")}
    members = {
        name: value for name, value in known.items() if name in wanted and (value or name == "ObjectSize")
    }
    return Output({"LastModified": time_of(stored.modified_at), **members})


def conditions_of(parameters: Mapping[str, Any], prefix: str = "") -> Conditions:
    """The preconditions that a call states, for the object itself or (`CopySource`) for the one it copies."""

    def instant(name: str) -> float | None:
        value: datetime | None = parameters.get(f"{prefix}{name}")
        return None if value is None else value.timestamp()

    return Conditions(
        if_match=parameters.get(f"{prefix}IfMatch"),
        if_none_match=parameters.get(f"{prefix}IfNoneMatch"),
        if_modified_since=instant("IfModifiedSince"),
        if_unmodified_since=instant("IfUnmodifiedSince"),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    stored: StoredObject
    output: Output
    span: Span


def _look(stored: StoredObject, call: Call) -> _Seen:
    """Preconditions first, then the range (RFC 9110 §13.2.2)."""
    verdict = judge(conditions_of(call.parameters), etag=stored.etag, modified_at=stored.modified_at)
    if verdict.is_failure:
        raise s3_error("PreconditionFailed", members={"Condition": verdict})
    headers = dict(stored.headers)
    if verdict.is_not_modified:
        kept = {name: headers[name] for name in ("cache-control", "expires") if name in headers}
        validators = {"etag": quoted(stored.etag), "last-modified": render_http_date(stored.modified_at)}
        return _Seen(stored, Output(status=304, headers=validators | kept), Span(0, 0))
    for parameter, name in _OVERRIDES.items():
        if (value := call.parameters.get(parameter)) is not None:
            headers[name] = render_http_date(value.timestamp()) if isinstance(value, datetime) else value
    span = _span_or_raise(stored, call)
    whole = span is None
    span = span or Span(0, stored.size)
    members = _members(stored) | {"ContentLength": span.length}
    if not whole and stored.size:
        members["ContentRange"] = span.content_range(stored.size)
    if "PartNumber" in call.parameters and stored.part_sizes:
        members["PartsCount"] = len(stored.part_sizes)
    if span.length == stored.size and call.parameters.get("ChecksumMode") == "ENABLED":
        members |= checksum_members(stored.checksums, stored.checksum_type)
    return _Seen(stored, Output(members, status=200 if whole else 206, headers=headers), span)


def _members(stored: StoredObject) -> Members:
    members: Members = {
        "AcceptRanges": "bytes",
        "ETag": quoted(stored.etag),
        "LastModified": time_of(stored.modified_at),
        "Metadata": dict(stored.metadata),
        "ServerSideEncryption": ENCRYPTION,
    }
    if stored.tags:
        members["TagCount"] = len(stored.tags)
    return members


def _span_or_raise(stored: StoredObject, call: Call) -> Span | None:
    asked, number = call.parameters.get("Range"), call.parameters.get("PartNumber")
    if number is not None:
        if asked is not None:
            raise s3_error(
                "InvalidRequest", "Cannot specify both Range header and partNumber query parameter"
            )
        sizes = stored.part_sizes or (stored.size,)
        if not 1 <= number <= len(sizes):
            raise s3_error(
                "InvalidPartNumber",
                members={"PartNumberRequested": str(number), "ActualPartCount": str(len(sizes))},
            )
        return Span(sum(sizes[: number - 1]), sizes[number - 1])
    span = choose_span(asked, stored.size)
    if span is Unsatisfiable.RANGE:
        raise s3_error(
            "InvalidRange",
            members={"RangeRequested": asked or "", "ActualObjectSize": str(stored.size)},
            headers={"content-range": f"bytes */{stored.size}"},
        )
    return span


def _parts(stored: StoredObject, call: Call) -> Members:
    """Sizes of parts are told where the checksum is one of parts; else only how many there were."""
    if not stored.part_sizes:
        return {}
    if not stored.part_checksums:
        return {"TotalPartsCount": len(stored.part_sizes)}
    after = call.parameters.get("PartNumberMarker", 0)
    limit = min(call.parameters.get("MaxParts", MAX_PAGE), MAX_PAGE)
    (algorithm,) = stored.checksums
    numbered = list(enumerate(zip(stored.part_sizes, stored.part_checksums, strict=True), 1))[after:]
    page = numbered[:limit]
    return {
        "TotalPartsCount": len(stored.part_sizes),
        "PartNumberMarker": after,
        "NextPartNumberMarker": page[-1][0] if page else 0,
        "MaxParts": limit,
        "IsTruncated": len(page) < len(numbered),
        "Parts": [
            {"PartNumber": number, "Size": size, f"Checksum{algorithm}": checksum}
            for number, (size, checksum) in page
        ],
    }


async def _chain(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    try:
        yield first
        async for chunk in rest:
            yield chunk
    finally:
        if (aclose := getattr(rest, "aclose", None)) is not None:
            await aclose()


READING_OPERATIONS: Final[Mapping[str, Operation]] = {
    "GetObject": get_object,
    "GetObjectAttributes": get_object_attributes,
    "HeadObject": head_object,
}
