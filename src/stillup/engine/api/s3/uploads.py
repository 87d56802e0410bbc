"""Listing what multipart uploads there are, and what parts they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.errors import bucket_or_raise, s3_error, upload_or_raise
from stillup.engine.api.s3.listing import encoder_or_raise, limit_or_raise, shared_members
from stillup.engine.api.s3.spelling import Members, checksum_members, owner, quoted, time_of
from stillup.rules.buckets.bucket import MultipartUpload
from stillup.rules.buckets.listing import Entry, Page, list_page
from stillup.wire.aws.messages import Output


async def list_multipart_uploads(ports: ApiPorts, call: Call) -> Output:
    """Uploads by key, those of one key by age; a page continues behind a key and an upload."""
    uploads = bucket_or_raise(ports, call).uploads.values()
    encode = encoder_or_raise(call)
    limit = limit_or_raise(call, "MaxUploads")
    key_marker, id_marker = call.parameters.get("KeyMarker", ""), call.parameters.get("UploadIdMarker", "")
    if key_marker and id_marker and not any((key_marker, id_marker) == (one.key, one.id) for one in uploads):
        raise s3_error(
            "InvalidArgument",
            "Invalid uploadId marker",
            members={"ArgumentName": "upload-id-marker", "ArgumentValue": id_marker},
        )
    page, listed = _page(list(uploads), call, key_marker, id_marker if key_marker else "", limit)
    last = page.entries[-1] if page.entries else None
    members = shared_members(call, page, encode) | {
        "Bucket": call.parameters["Bucket"],
        "KeyMarker": encode(key_marker),
        "UploadIdMarker": id_marker,
        "MaxUploads": limit,
        "Uploads": [
            {"Key": encode(upload.key), "UploadId": upload.id, **_facts(ports, upload)} for upload in listed
        ],
    }
    # S3 tells them on the last page, too.
    members["NextKeyMarker"] = encode(last.name) if last is not None else ""
    members["NextUploadIdMarker"] = listed[-1].id if last is not None and not last.is_prefix else ""
    if not call.parameters.get("Prefix"):
        del members["Prefix"]
    return Output(members)


async def list_parts(ports: ApiPorts, call: Call) -> Output:
    """The parts of one upload by number."""
    upload = upload_or_raise(ports, call)
    after = call.parameters.get("PartNumberMarker", 0)
    limit = limit_or_raise(call, "MaxParts")
    waiting = sorted(number for number in upload.parts if number > after)
    page = [upload.parts[number] for number in waiting[:limit]]
    told = {} if upload.checksum_algorithm is None else {upload.checksum_algorithm}
    return Output(
        {
            "Bucket": call.parameters["Bucket"],
            "Key": upload.key,
            "UploadId": upload.id,
            "PartNumberMarker": after,
            "NextPartNumberMarker": page[-1].number if page else 0,
            "MaxParts": limit,
            "IsTruncated": len(page) < len(waiting),
            "Parts": [
                {
                    "PartNumber": part.number,
                    "LastModified": time_of(part.modified_at),
                    "ETag": quoted(part.etag),
                    "Size": part.size,
                    **checksum_members({k: v for k, v in part.checksums.items() if k in told}, None),
                }
                for part in page
            ],
            **{name: value for name, value in _facts(ports, upload).items() if name != "Initiated"},
        }
    )


def _page(
    uploads: list[MultipartUpload], call: Call, key_marker: str, id_marker: str, limit: int
) -> tuple[Page, list[MultipartUpload]]:
    """Every upload is an entry of its own, so keys are told apart by age and id while the page is cut."""
    prefix, delimiter = call.parameters.get("Prefix", ""), call.parameters.get("Delimiter", "")
    ordered = sorted(uploads, key=lambda upload: (upload.key, upload.initiated_at, upload.id))
    marked = next((upload for upload in ordered if upload.id == id_marker), None)
    behind = [
        upload
        for upload in ordered
        if upload.key > key_marker
        or (marked is not None and upload.key == key_marker and _is_after(upload, marked))
    ]
    entries: list[Entry] = []
    listed: list[MultipartUpload] = []
    for upload in behind:
        (entry,) = list_page([upload.key], prefix=prefix, delimiter=delimiter).entries or (None,)
        if entry is None or (entry.is_prefix and (entry.name <= key_marker or entry in entries[-1:])):
            continue
        if len(entries) == limit:
            return Page(tuple(entries), entries[-1].name if entries else None), listed
        entries.append(entry)
        if not entry.is_prefix:
            listed.append(upload)
    return Page(tuple(entries), None), listed


def _is_after(upload: MultipartUpload, marked: MultipartUpload) -> bool:
    return (upload.initiated_at, upload.id) > (marked.initiated_at, marked.id)


def _facts(ports: ApiPorts, upload: MultipartUpload) -> Members:
    account = owner(ports)
    facts: dict[str, Any] = {
        "Initiated": time_of(upload.initiated_at),
        "Initiator": account,
        "Owner": account,
        "StorageClass": "STANDARD",
    }
    if upload.checksum_algorithm is not None:
        facts |= {"ChecksumAlgorithm": upload.checksum_algorithm, "ChecksumType": upload.checksum_type}
    return facts


UPLOAD_LISTING_OPERATIONS: Final[Mapping[str, Operation]] = {
    "ListMultipartUploads": list_multipart_uploads,
    "ListParts": list_parts,
}
