"""Listing objects: ListObjects, ListObjectsV2 and, of what has no versions, ListObjectVersions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.buckets import bad_token, token_of, token_or_raise
from stillup.engine.api.s3.errors import bucket_or_raise, s3_error
from stillup.engine.api.s3.spelling import Members, listed_checksums, owner, quoted, time_of
from stillup.rules.buckets.bucket import StoredObject
from stillup.rules.buckets.listing import MAX_PAGE, Page, list_page
from stillup.wire.aws.messages import Output


async def list_objects(ports: ApiPorts, call: Call) -> Output:
    """The older listing: a page continues behind a `Marker` that the caller takes from the page before."""
    objects = bucket_or_raise(ports, call).objects
    encode = encoder_or_raise(call)
    marker = call.parameters.get("Marker", "")
    page = page_or_raise(call, objects, marker, "MaxKeys")
    members = _common(call, page, encode) | {"Marker": encode(marker)}
    members |= {"Contents": [_entry(objects[key], encode) | {"Owner": owner(ports)} for key in page.keys]}
    # Without a delimiter the last key is the marker, and S3 leaves it to the caller to see that.
    if page.next_after is not None and call.parameters.get("Delimiter"):
        members["NextMarker"] = encode(page.next_after)
    return Output(members)


async def list_objects_v2(ports: ApiPorts, call: Call) -> Output:
    """The listing: a page continues with an opaque token."""
    objects = bucket_or_raise(ports, call).objects
    encode = encoder_or_raise(call)
    token = call.parameters.get("ContinuationToken")
    if token == "":
        raise bad_token()
    after = call.parameters.get("StartAfter", "") if token is None else token_or_raise(token)
    page = page_or_raise(call, objects, after, "MaxKeys")
    members = _common(call, page, encode) | {"KeyCount": len(page.entries)}
    owned = {"Owner": owner(ports)} if call.parameters.get("FetchOwner") else {}
    members |= {"Contents": [_entry(objects[key], encode) | owned for key in page.keys]}
    if "StartAfter" in call.parameters and token is None:
        members["StartAfter"] = encode(call.parameters["StartAfter"])
    if token is not None:
        members["ContinuationToken"] = token
    if page.next_after is not None:
        members["NextContinuationToken"] = token_of(page.next_after)
    return Output(members)


async def list_object_versions(ports: ApiPorts, call: Call) -> Output:
    """Every object once, as the version `null` that it has in a bucket without versioning."""
    objects = bucket_or_raise(ports, call).objects
    encode = encoder_or_raise(call)
    marker, version_marker = call.parameters.get("KeyMarker", ""), call.parameters.get("VersionIdMarker", "")
    if version_marker and not marker:
        raise s3_error(
            "InvalidArgument",
            "A version-id marker cannot be specified without a key marker.",
            members={"ArgumentName": "version-id-marker", "ArgumentValue": version_marker},
        )
    page = page_or_raise(call, objects, marker, "MaxKeys")
    members = _common(call, page, encode)
    version = {"VersionId": "null", "IsLatest": True, "Owner": owner(ports)}
    members |= {
        "KeyMarker": encode(marker),
        "VersionIdMarker": version_marker,
        "Versions": [_entry(objects[key], encode) | version for key in page.keys],
    }
    if page.next_after is not None:
        members["NextKeyMarker"] = encode(page.next_after)
        if not page.entries[-1].is_prefix:
            members["NextVersionIdMarker"] = "null"
    return Output(members)


def page_or_raise(call: Call, keys: Mapping[str, object], after: str, limit: str) -> Page:
    """The page that the call asks for; `limit` names the parameter with its length."""
    return list_page(
        keys,
        prefix=call.parameters.get("Prefix", ""),
        delimiter=call.parameters.get("Delimiter", ""),
        after=after,
        limit=limit_or_raise(call, limit),
    )


def limit_or_raise(call: Call, parameter: str) -> int:
    """How many entries the caller takes, at most 1000."""
    limit: int = call.parameters.get(parameter, MAX_PAGE)
    if not 0 <= limit < 1 << 31:
        name = f"max-{parameter.removeprefix('Max').lower()}"
        raise s3_error(
            "InvalidArgument",
            f"Argument {name} must be an integer between 0 and 2147483647",
            members={"ArgumentName": name, "ArgumentValue": str(limit)},
        )
    return min(limit, MAX_PAGE)


def encoder_or_raise(call: Call) -> Callable[[str], str]:
    """How the caller wants keys: plain, or percent-encoded so that XML can carry any."""
    encoding = call.parameters.get("EncodingType")
    if encoding is None:
        return str
    if encoding != "url":
        raise s3_error(
            "InvalidArgument",
            "Invalid Encoding Method specified in Request",
            members={"ArgumentName": "encoding-type", "ArgumentValue": encoding},
        )
    return lambda text: quote(text, safe="/*", errors="surrogatepass")


def shared_members(call: Call, page: Page, encode: Callable[[str], str]) -> Members:
    """What listings of objects and of uploads have in common."""
    members: Members = {
        "Prefix": encode(call.parameters.get("Prefix", "")),
        "IsTruncated": page.next_after is not None,
        "CommonPrefixes": [{"Prefix": encode(prefix)} for prefix in page.prefixes],
    }
    if call.parameters.get("Delimiter"):
        members["Delimiter"] = encode(call.parameters["Delimiter"])
    if "EncodingType" in call.parameters:
        members["EncodingType"] = call.parameters["EncodingType"]
    return members


def _common(call: Call, page: Page, encode: Callable[[str], str]) -> Members:
    named = {"Name": call.parameters["Bucket"], "MaxKeys": limit_or_raise(call, "MaxKeys")}
    return shared_members(call, page, encode) | named


def _entry(stored: StoredObject, encode: Callable[[str], str]) -> dict[str, Any]:
    return {
        "Key": encode(stored.key),
        "LastModified": time_of(stored.modified_at),
        "ETag": quoted(stored.etag),
        "Size": stored.size,
        "StorageClass": "STANDARD",
        **listed_checksums(stored),
    }


LISTING_OPERATIONS: Final[Mapping[str, Operation]] = {
    "ListObjectVersions": list_object_versions,
    "ListObjects": list_objects,
    "ListObjectsV2": list_objects_v2,
}
