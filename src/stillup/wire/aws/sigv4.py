"""Signature Version 4, verified: in the Authorization header and in presigned URLs.

    request ── canonical_request ──▶ hash ── string_to_sign ──▶ HMAC with the signing key ──▶ the signature?

Everything here is about octets as they came: texts are latin-1, one character an octet. Sources: "Create a signed AWS
API request" (IAM User Guide), "Authenticating Requests" (S3 API Reference).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from stillup.wire.aws import signature_errors
from stillup.wire.aws.messages import HttpRequest
from stillup.wire.aws.signature_errors import MAX_SKEW

ALGORITHM: Final = "AWS4-HMAC-SHA256"
UNSIGNED: Final = "UNSIGNED-PAYLOAD"

_PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9/_.~-]*")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~-]*")
_SPACES: Final = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class CredentialScope:
    """For which day, Region and service a key was derived, as it was written."""

    date: str
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


@dataclass(frozen=True, slots=True)
class SignatureV4:
    """Who says that he signed what, and when; nothing of it verified."""

    access_key_id: str
    scope: CredentialScope
    signed_headers: tuple[str, ...]
    signature: str
    timestamp: str
    """`YYYYMMDDTHHMMSSZ`."""
    signed_at: float
    """The same, in seconds since the epoch."""
    token: str | None = None
    expires: int | None = None
    """Seconds; for presigned URLs only."""

    @property
    def is_presigned(self) -> bool:
        """Whether it is in the query string, and not in a header."""
        return self.expires is not None


def raise_if_untimely(signature: SignatureV4, *, service: str, now: float) -> None:
    """Hold the time of signing against ours.

    | in     | signed                     |                                       |
    |--------|----------------------------|---------------------------------------|
    | any    | over 15 minutes ahead      | the clocks differ, it is not yet valid |
    | header | over 15 minutes ago        | the clocks differ                     |
    | URL    | more than its Expires ago  | it has expired                        |
    """
    signed_at = signature.signed_at
    if signature.expires is None:
        if abs(now - signed_at) > MAX_SKEW:
            raise signature_errors.skewed(service, signed_at=signed_at, now=now)
    elif not signed_at - MAX_SKEW <= now <= signed_at + signature.expires:
        raise signature_errors.url_of_another_time(
            service, signed_at=signed_at, expires=signature.expires, now=now
        )


def raise_if_not_signed_by(
    secret: str, signature: SignatureV4, request: HttpRequest, *, service: str, payload_hash: str
) -> None:
    """Raise AwsError if this secret does not give this signature.

    `payload_hash` is what stands for the body: its SHA-256 in hexadecimal, or S3's words.
    """
    canonical = canonical_request(request, signature, service=service, payload_hash=payload_hash)
    text = string_to_sign(signature, canonical)
    computed = hmac.digest(signing_key(secret, signature.scope), text.encode("latin-1"), "sha256").hex()
    if not hmac.compare_digest(computed.encode(), signature.signature.encode()):
        raise signature_errors.another_signature(
            service,
            key_id=signature.access_key_id,
            signature=signature.signature,
            string_to_sign=text,
            canonical_request=canonical,
        )


def canonical_request(
    request: HttpRequest, signature: SignatureV4, *, service: str, payload_hash: str
) -> str:
    """The request as both sides write it before they hash it."""
    headers = request.headers
    path = request.path or "/"
    return "\n".join(
        (
            request.method,
            _s3_path(path) if service == "s3" else _path_encoded_twice(path),
            _canonical_query(request.query),
            *(f"{name}:{_trimmed(headers.get(name, ''))}" for name in signature.signed_headers),
            "",
            ";".join(signature.signed_headers),
            payload_hash,
        )
    )


def string_to_sign(signature: SignatureV4, canonical: str) -> str:
    """What is signed of a canonical request."""
    digest = hashlib.sha256(canonical.encode("latin-1")).hexdigest()
    return f"{ALGORITHM}\n{signature.timestamp}\n{signature.scope}\n{digest}"


@lru_cache(maxsize=1024)
def signing_key(secret: str, scope: CredentialScope) -> bytes:
    """The key of one day, Region and service."""
    key = f"AWS4{secret}".encode()
    for part in (scope.date, scope.region, scope.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _s3_path(path: str) -> str:
    """Each octet of the path encoded once, whatever the caller encoded; slashes as they are.

    S3 resolves neither `..` nor `//`: both may stand in keys.
    """
    if _PLAIN_PATH.fullmatch(path):
        return path
    return "/".join(_encoded(segment) for segment in path.split("/"))


def _path_encoded_twice(path: str) -> str:
    """The path without dot segments and doubled slashes, as it came, encoded again."""
    if "/." in path or "//" in path:
        kept: list[str] = []
        for segment in path.split("/"):
            if segment == "..":
                kept[-1:] = []
            elif segment not in ("", "."):
                kept.append(segment)
        path = "/" + "/".join(kept) + ("/" if kept and path.endswith("/") else "")
    return path if _PLAIN_PATH.fullmatch(path) else quote(path.encode("latin-1"), safe="/-_.~")


def _canonical_query(query: str) -> str:
    pairs = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if part and name != "X-Amz-Signature":
            pairs.append((_encoded(name.replace("+", " ")), _encoded(value.replace("+", " "))))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _encoded(text: str) -> str:
    """RFC 3986's unreserved characters as they are, everything else as %XX, once."""
    if _PLAIN.fullmatch(text):
        return text
    return quote(unquote_to_bytes(text.encode("latin-1")), safe="-_.~")


def _trimmed(value: str) -> str:
    return _SPACES.sub(" ", value).strip(" ")
