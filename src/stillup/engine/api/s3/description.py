"""What a caller says about an object beside its contents: headers, metadata, tags, and what S3 must refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from stillup.engine.api.call import Call
from stillup.engine.api.s3.errors import raise_if_refused, refused, s3_error
from stillup.rules.buckets.names import why_not_a_key
from stillup.rules.buckets.tags import MAX_OBJECT_TAGS, parse_tags
from stillup.rules.refusal import Refusal

SYSTEM_HEADERS: Final = (
    "content-type",
    "cache-control",
    "content-encoding",
    "content-language",
    "content-disposition",
    "expires",
    "x-amz-website-redirect-location",
)
DEFAULT_TYPE: Final = "binary/octet-stream"
ENCRYPTION: Final = "AES256"
"""What S3 says of every object by default."""

_MAX_METADATA_OCTETS: Final = 2048
_OWNERS_ACLS: Final = ("private", "bucket-owner-full-control")
_GRANTS: Final = ("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")
_NOT_IMPLEMENTED: Final = (
    "SSECustomerAlgorithm",
    "SSECustomerKey",
    "SSEKMSKeyId",
    "SSEKMSEncryptionContext",
    "CopySourceSSECustomerAlgorithm",
    "CopySourceSSECustomerKey",
    "ObjectLockMode",
    "ObjectLockRetainUntilDate",
    "ObjectLockLegalHoldStatus",
    "WriteOffsetBytes",
)


@dataclass(frozen=True, slots=True)
class Description:
    """As in StoredObject."""

    headers: Mapping[str, str]
    metadata: Mapping[str, str]
    tags: Mapping[str, str]


def description_or_raise(call: Call) -> Description:
    """What the call says about its object. Raises S3's error for what it must not say."""
    raise_if_refused(call, why_not_a_key(call.parameters["Key"]))
    raise_if_unsupported(call)
    metadata = {str(k).lower(): str(v) for k, v in call.parameters.get("Metadata", {}).items()}
    if sum(len(k.encode()) + len(v.encode()) for k, v in metadata.items()) > _MAX_METADATA_OCTETS:
        raise s3_error("MetadataTooLarge")
    tags = parse_tags(
        parse_qsl(call.parameters.get("Tagging", ""), keep_blank_values=True), limit=MAX_OBJECT_TAGS
    )
    if isinstance(tags, Refusal) and tags.code == "InvalidTag":
        raise s3_error(
            "InvalidArgument",
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag "
            "name duplicates.",
            members={"ArgumentName": "x-amz-tagging", "ArgumentValue": call.parameters["Tagging"]},
        )
    if isinstance(tags, Refusal):
        raise refused(call, tags)
    return Description(_headers_or_raise(call), metadata, tags)


def raise_if_unsupported(call: Call) -> None:
    """Raises for what new buckets do not take (ACLs, S3-7) and for what this engine does not do."""
    parameters = call.parameters
    if parameters.get("ACL", "private") not in _OWNERS_ACLS or any(grant in parameters for grant in _GRANTS):
        raise s3_error("AccessControlListNotSupported")
    for name in _NOT_IMPLEMENTED:
        if name in parameters:
            raise s3_error("NotImplemented", members={"Header": name})
    if parameters.get("ServerSideEncryption", ENCRYPTION) != ENCRYPTION:
        raise s3_error("NotImplemented", members={"Header": "x-amz-server-side-encryption"})
    if parameters.get("StorageClass", "STANDARD") != "STANDARD":
        raise s3_error("InvalidStorageClass", members={"StorageClassRequested": parameters["StorageClass"]})


def _headers_or_raise(call: Call) -> dict[str, str]:
    """The headers as they came, for S3 gives them back as they came, an unreadable Expires included."""
    sent = call.request.headers
    headers = {name: sent[name] for name in SYSTEM_HEADERS if sent.get(name)}
    headers.setdefault("content-type", DEFAULT_TYPE)
    codings = [coding.strip() for coding in headers.pop("content-encoding", "").split(",")]
    # aws-chunked is how the payload travelled, not what it is.
    if kept := [coding for coding in codings if coding and coding.lower() != "aws-chunked"]:
        headers["content-encoding"] = ",".join(kept)
    location = headers.get("x-amz-website-redirect-location", "/")
    if not location.startswith(("/", "http://", "https://")):
        raise s3_error("InvalidRedirectLocation")
    return headers
