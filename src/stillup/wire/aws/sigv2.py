"""Signature Version 2 as S3 had it, verified: boto3's `generate_presigned_url` and `aws s3 presign` still make it.

Source: "Signing and Authenticating REST Requests" (S3 User Guide, "Appendix: Authenticating requests, AWS signature
version 2"). Texts are latin-1, one character an octet, as in sigv4.py.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes

from stillup.wire.aws import signature_errors
from stillup.wire.aws.messages import AwsError, HttpRequest
from stillup.wire.aws.signature_errors import MAX_SKEW

_SUBRESOURCES: Final = frozenset(
    [
        "accelerate",
        "acl",
        "analytics",
        "cors",
        "defaultObjectAcl",
        "delete",
        "encryption",
        "inventory",
        "lifecycle",
        "location",
        "logging",
        "metrics",
        "notification",
        "object-lock",
        "ownershipControls",
        "partNumber",
        "policy",
        "publicAccessBlock",
        "replication",
        "requestPayment",
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
        "response-content-language",
        "response-content-type",
        "response-expires",
        "restore",
        "select",
        "select-type",
        "storageClass",
        "tagging",
        "torrent",
        "uploadId",
        "uploads",
        "versionId",
        "versioning",
        "versions",
        "website",
    ]
)
"""The query parameters that are signed; all others can be changed on the way."""

_IN_QUERY: Final = re.compile(r"(?:^|&)AWSAccessKeyId=")
_IN_HEADER: Final = re.compile(r"AWS ([^:\s]+):([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class SignatureV2:
    """Who says that he signed; nothing of it verified."""

    access_key_id: str
    signature: str
    expires_at: int | None = None
    """Seconds since the epoch; for presigned URLs only."""


def is_in_query(query: str) -> bool:
    """Whether some of a presigned URL's parameters are there."""
    return _IN_QUERY.search(query) is not None


def read_header(request: HttpRequest) -> SignatureV2:
    """The signature of an Authorization header that begins with `AWS`. Raises AwsError."""
    found = _IN_HEADER.fullmatch(request.headers["authorization"].strip())
    if found is None:
        raise signature_errors.header_malformed("expecting AWS AccessKeyId:signature.")
    return SignatureV2(found[1], found[2])


def read_query(request: HttpRequest) -> SignatureV2:
    """The signature of a presigned URL. Raises AwsError."""
    given = dict(parse_qsl(request.query, keep_blank_values=True, errors="replace"))
    parts = [given.get(name, "") for name in ("AWSAccessKeyId", "Signature", "Expires")]
    if not all(parts):
        text = "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
        raise AwsError("AccessDenied", text, status=403)
    key_id, signature, expires = parts
    if not re.fullmatch(r"[0-9]{1,11}", expires, re.ASCII):
        text = f"Invalid date (should be seconds since epoch): {expires}"
        raise AwsError("AccessDenied", text, status=403)
    # A plus sign that was not encoded was meant: base64 has no spaces.
    return SignatureV2(key_id, signature.replace(" ", "+"), int(expires))


def raise_if_untimely(signature: SignatureV2, request: HttpRequest, *, now: float) -> None:
    """Hold the time of signing, or the end of the URL's time, against ours."""
    if signature.expires_at is not None:
        if now > signature.expires_at:
            raise signature_errors.url_has_expired(expires_at=signature.expires_at, now=now, members={})
        return
    text = request.headers.get("x-amz-date") or request.headers.get("date", "")
    try:
        signed_at = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        raise signature_errors.no_date("s3", text) from None
    if abs(now - signed_at) > MAX_SKEW:
        raise signature_errors.skewed("s3", signed_at=signed_at, now=now)


def raise_if_not_signed_by(
    secret: str, signature: SignatureV2, request: HttpRequest, *, bucket: str | None
) -> None:
    """Raise AwsError if this secret does not give this signature. `bucket`: the one that the host names.

    botocore asks for `/bucket` and signs `/bucket/`, which means the same.
    """
    texts = [string_to_sign(signature, request, bucket=bucket)]
    if bucket is None and request.path.count("/") == 1:
        with_slash = replace(request, path=f"{request.path}/")
        texts.append(string_to_sign(signature, with_slash, bucket=None))
    given = signature.signature.encode()
    if not any(hmac.compare_digest(_signature(secret, text), given) for text in texts):
        raise signature_errors.another_signature(
            "s3",
            key_id=signature.access_key_id,
            signature=signature.signature,
            string_to_sign=texts[0],
            canonical_request=None,
        )


def _signature(secret: str, text: str) -> bytes:
    return b64encode(hmac.digest(secret.encode(), text.encode("latin-1"), "sha1"))


def string_to_sign(signature: SignatureV2, request: HttpRequest, *, bucket: str | None) -> str:
    """The request as both sides write it."""
    headers = request.headers
    date = headers.get("date", "") if "x-amz-date" not in headers else ""
    if signature.expires_at is not None:
        date = str(signature.expires_at)
    amz = sorted((name, value) for name, value in headers.items() if name.startswith("x-amz-"))
    return "\n".join(
        (
            request.method,
            headers.get("content-md5", ""),
            headers.get("content-type", ""),
            date,
            *(f"{name}:{value.strip()}" for name, value in amz),
            _resource(request, bucket),
        )
    )


def _resource(request: HttpRequest, bucket: str | None) -> str:
    path = request.path or "/"
    where = path if bucket is None else f"/{bucket}{path}"
    signed = sorted(_signed_parameters(request.query).items())
    if not signed:
        return where
    return f"{where}?{'&'.join(name if value is None else f'{name}={value}' for name, value in signed)}"


def _signed_parameters(query: str) -> Mapping[str, str | None]:
    found: dict[str, str | None] = {}
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        if name in _SUBRESOURCES:
            found[name] = unquote_to_bytes(value.encode("latin-1")).decode("latin-1") if equals else None
    return found
