"""Signature Version 4 as it stands in a request: read and checked for being whole, not verified.

Raises AwsError in the words of the service for whatever is no signature.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import parse_qsl

from stillup.wire.aws import signature_errors
from stillup.wire.aws.messages import AwsError, HttpRequest
from stillup.wire.aws.signature_errors import ISO_BASIC
from stillup.wire.aws.sigv4 import ALGORITHM, CredentialScope, SignatureV4

MAX_EXPIRES: Final = 604_800
"""Seconds that a presigned URL may be good for."""
_DEFAULT_EXPIRES: Final = 900
"""Where other services than S3 are not told."""

_DATE: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_IN_QUERY: Final = re.compile(r"(?:^|&)X-Amz-(?:Algorithm|Credential|Signature)=")
_PRINTABLE: Final = re.compile(r"[!-~]+")
_HEADER_PARTS: Final = ("Credential", "Signature", "SignedHeaders")
_QUERY_PARTS: Final = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
)
_NOT_WHOLE: Final = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
    "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)


def is_in_query(query: str) -> bool:
    """Whether some of a presigned URL's parameters are there."""
    return _IN_QUERY.search(query) is not None


def read_header(request: HttpRequest, *, service: str) -> SignatureV4:
    """The signature of an Authorization header that begins with ALGORITHM."""
    header = request.headers["authorization"].removeprefix(ALGORITHM)
    given = [part.strip().partition("=") for part in header.split(",")]
    parts = {name: value for name, _, value in given}
    if missing := [name for name in _HEADER_PARTS if not parts.get(name)]:
        raise signature_errors.half_a_header(service, missing)
    if len(given) > len(_HEADER_PARTS):
        # Another part could make another reader see another credential than this one.
        raise signature_errors.more_than_a_header(service)
    timestamp, signed_at = _header_date(request.headers, service)
    return _whole(
        request,
        service,
        parts,
        timestamp=timestamp,
        signed_at=signed_at,
        token=request.headers.get("x-amz-security-token"),
    )


def read_query(request: HttpRequest, *, service: str) -> SignatureV4:
    """The signature of a presigned URL."""
    given: dict[str, str] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True, errors="replace"):
        if name in _QUERY_PARTS:
            if name in given:
                raise signature_errors.half_a_url(service, f"{name} is given more than once.")
            given[name] = value
    algorithm = given.get("X-Amz-Algorithm", "")
    if algorithm.startswith("AWS4-ECDSA"):
        raise signature_errors.unsupported(service, algorithm)
    parts = {name: given.get(f"X-Amz-{name}", "") for name in _HEADER_PARTS}
    date = given.get("X-Amz-Date", "")
    if algorithm != ALGORITHM or not all(parts.values()):
        raise signature_errors.half_a_url(service, _NOT_WHOLE)
    try:
        signed_at = _seconds(date)
    except ValueError:
        text = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
        raise signature_errors.half_a_url(service, text) from None
    expires = _expires(given.get("X-Amz-Expires"), service)
    token = given.get("X-Amz-Security-Token")
    return _whole(request, service, parts, timestamp=date, signed_at=signed_at, token=token, expires=expires)


def _whole(
    request: HttpRequest,
    service: str,
    parts: Mapping[str, str],
    *,
    timestamp: str,
    signed_at: float,
    token: str | None,
    expires: int | None = None,
) -> SignatureV4:
    match parts["Credential"].split("/"):
        case [*key, date, region, name, "aws4_request"] if any(key) and _PRINTABLE.fullmatch(
            parts["Credential"]
        ):
            scope = CredentialScope(date, region, name)
        case _:
            raise _bad_credential(service, is_presigned=expires is not None)
    if scope.date != timestamp[:8]:
        raise _another_date(service, scope.date, timestamp)
    signed = tuple(parts["SignedHeaders"].split(";"))
    _raise_if_not_signed(request, service, signed)
    return SignatureV4(
        "/".join(key), scope, signed, parts["Signature"], timestamp, signed_at, token=token, expires=expires
    )


def _raise_if_not_signed(request: HttpRequest, service: str, signed: tuple[str, ...]) -> None:
    """The host and whatever AWS itself will read must be signed: else it can be changed on the way."""
    must = {"host", *(name for name in request.headers if name.startswith("x-amz-"))}
    if unsigned := sorted(must.difference(signed)):
        raise signature_errors.not_signed(service, unsigned)
    if strange := [name for name in signed if not _PRINTABLE.fullmatch(name)]:
        raise signature_errors.not_signed(service, strange)


def _header_date(headers: Mapping[str, str], service: str) -> tuple[str, float]:
    text = headers.get("x-amz-date") or headers.get("date")
    if text is None:
        raise signature_errors.no_date(service, None)
    try:
        if _DATE.fullmatch(text):
            return text, _seconds(text)
        moment = parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise signature_errors.no_date(service, text) from None
    return moment.strftime(ISO_BASIC), moment.timestamp()


def _seconds(date: str) -> float:
    if not _DATE.fullmatch(date):
        raise ValueError(date)
    return datetime.fromisoformat(date).timestamp()


def _expires(text: str | None, service: str) -> int:
    if text is None and service != "s3":
        return _DEFAULT_EXPIRES
    if text is None:
        raise signature_errors.half_a_url(service, _NOT_WHOLE)
    if not re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII):
        raise signature_errors.half_a_url(service, "X-Amz-Expires should be a number")
    seconds = int(text)
    if seconds < 1:
        raise signature_errors.half_a_url(service, "X-Amz-Expires must be non-negative")
    if seconds > MAX_EXPIRES:
        text = (
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be "
        )
        raise signature_errors.half_a_url(service, f"{text}less than {MAX_EXPIRES} seconds")
    return seconds


def _bad_credential(service: str, *, is_presigned: bool) -> AwsError:
    expected = '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request"'
    if service != "s3":
        return AwsError("IncompleteSignature", f"Credential must be {expected}.", status=400)
    text = f"the Credential is mal-formed; expecting {expected}."
    if is_presigned:
        return signature_errors.half_a_url(service, f"Error parsing the X-Amz-Credential parameter; {text}")
    return signature_errors.header_malformed(text)


def _another_date(service: str, scoped: str, timestamp: str) -> AwsError:
    if service == "s3":
        return signature_errors.header_malformed(
            f'Invalid credential date "{scoped}". This date is not the same as X-Amz-Date: "{timestamp[:8]}".'
        )
    return signature_errors.does_not_match(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        f"'{scoped}' != '{timestamp[:8]}', from '{timestamp}'."
    )
