"""What AWS says of a signature that it does not accept.

    what is wrong              S3                                EC2              the others
    no such key                InvalidAccessKeyId                AuthFailure      InvalidClientTokenId
    a token that we never gave InvalidToken                      AuthFailure      InvalidClientTokenId
    another signature          SignatureDoesNotMatch             AuthFailure      SignatureDoesNotMatch
    signed at another time     RequestTimeTooSkewed              RequestExpired   SignatureDoesNotMatch
    a URL of another time      AccessDenied                      RequestExpired   SignatureDoesNotMatch
    half a signature           AuthorizationHeaderMalformed,     AuthFailure      IncompleteSignature
                               AuthorizationQueryParametersError

JSON and CBOR have other names for the last column's: error_names.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from stillup.wire.aws.messages import AwsError

MAX_SKEW: Final = 900
"""Seconds between the caller's clock and ours."""
ISO_BASIC: Final = "%Y%m%dT%H%M%SZ"


def unknown_key(service: str, key_id: str) -> AwsError:
    """Nobody has this access key, or it is switched off."""
    match service:
        case "s3":
            text = "The AWS Access Key Id you provided does not exist in our records."
            return _refusal("InvalidAccessKeyId", text, {"AWSAccessKeyId": key_id})
        case "ec2":
            return _auth_failure()
    return _refusal("InvalidClientTokenId", "The security token included in the request is invalid.")


def unknown_token(service: str) -> AwsError:
    """Only temporary keys come with a token, and there are none."""
    if service == "s3":
        text = "The provided token is malformed or otherwise invalid."
        return AwsError("InvalidToken", text, status=400)
    return unknown_key(service, "")


def another_signature(
    service: str, *, key_id: str, signature: str, string_to_sign: str, canonical_request: str | None
) -> AwsError:
    """The request or the secret is not what was signed. S3 tells what it would have signed itself."""
    match service:
        case "s3":
            text = (
                "The request signature we calculated does not match the signature you provided. "
                "Check your key and signing method."
            )
            members = {
                "AWSAccessKeyId": key_id,
                "StringToSign": string_to_sign,
                "SignatureProvided": signature,
                "StringToSignBytes": _spaced(string_to_sign),
            }
            if canonical_request is not None:
                members["CanonicalRequest"] = canonical_request
                members["CanonicalRequestBytes"] = _spaced(canonical_request)
            return _refusal("SignatureDoesNotMatch", text, members)
        case "ec2":
            return _auth_failure()
    return does_not_match(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
        "Access Key and signing method. Consult the service documentation for details."
    )


def does_not_match(text: str) -> AwsError:
    """The one code that all but S3 and EC2 have for many reasons."""
    return _refusal("SignatureDoesNotMatch", text)


def skewed(service: str, *, signed_at: float, now: float) -> AwsError:
    """The caller's clock and ours differ by more than MAX_SKEW."""
    if service == "s3":
        members = {
            "RequestTime": _basic(signed_at),
            "ServerTime": _extended(now),
            "MaxAllowedSkewMilliseconds": str(MAX_SKEW * 1000),
        }
        text = "The difference between the request time and the current time is too large."
        return _refusal("RequestTimeTooSkewed", text, members)
    if signed_at > now:
        return _not_yet(service, signed_at, now)
    return _expired(service, signed_at, now, MAX_SKEW)


def url_of_another_time(service: str, *, signed_at: float, expires: int, now: float) -> AwsError:
    """The presigned URL is not valid yet, or no longer."""
    if service != "s3":
        return (
            _not_yet(service, signed_at, now)
            if signed_at > now
            else _expired(service, signed_at, now, expires)
        )
    if signed_at > now:
        members = {"X-Amz-Date": _basic(signed_at), "ServerTime": _extended(now)}
        return _refusal("AccessDenied", "Request is not valid yet", members)
    return url_has_expired(expires_at=signed_at + expires, now=now, members={"X-Amz-Expires": str(expires)})


def url_has_expired(*, expires_at: float, now: float, members: Mapping[str, str]) -> AwsError:
    """S3's word for a presigned URL after its time."""
    told = {**members, "Expires": _extended(expires_at), "ServerTime": _extended(now)}
    return _refusal("AccessDenied", "Request has expired", told)


def half_a_header(service: str, missing: Sequence[str]) -> AwsError:
    """An Authorization header without some of its parts."""
    match service:
        case "s3":
            return header_malformed(f"missing {', '.join(missing)}.")
        case "ec2":
            return _auth_failure()
    wanted = " ".join(f"Authorization header requires '{name}' parameter." for name in missing)
    return AwsError("IncompleteSignature", wanted, status=400)


def more_than_a_header(service: str) -> AwsError:
    """An Authorization header with parts that have no place there, or that are there twice."""
    text = "Authorization header has more than 'Credential', 'SignedHeaders' and 'Signature'."
    match service:
        case "s3":
            return header_malformed(text)
        case "ec2":
            return _auth_failure()
    return AwsError("IncompleteSignature", text, status=400)


def header_malformed(reason: str) -> AwsError:
    """S3's word for an Authorization header that says something impossible."""
    text = f"The authorization header is malformed; {reason}"
    return AwsError("AuthorizationHeaderMalformed", text, status=400)


def half_a_url(service: str, reason: str) -> AwsError:
    """A presigned URL without some of its parts, or with one that cannot be."""
    match service:
        case "s3":
            return AwsError("AuthorizationQueryParametersError", reason, status=400)
        case "ec2":
            return _auth_failure()
    return AwsError("IncompleteSignature", reason, status=400)


def no_date(service: str, given: str | None) -> AwsError:
    """Nothing says when the request was signed."""
    if service == "s3":
        return _refusal("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header")
    if given is None:
        text = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
    else:
        text = f"Date must be in ISO-8601 'basic format'. Got '{given}'. See http://en.wikipedia.org/wiki/ISO_8601"
    return AwsError("IncompleteSignature", text, status=400)


def not_signed(service: str, names: Sequence[str]) -> AwsError:
    """Headers that must be signed and are not."""
    if service == "s3":
        text = "There were headers present in the request which were not signed"
        return _refusal("AccessDenied", text, {"HeadersNotSigned": ", ".join(names)})
    return does_not_match(f"'{names[0]}' must be a 'SignedHeader' in the AWS Authorization.")


def unsupported(service: str, algorithm: str) -> AwsError:
    """A way to sign that is not verified here: SigV4A, and SigV2 for all but S3."""
    if service == "s3":
        text = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
        return AwsError("InvalidRequest", text, status=400)
    return AwsError("IncompleteSignature", f"Unsupported AWS 'algorithm': '{algorithm}'.", status=400)


def unknown_scheme(service: str) -> AwsError:
    """An Authorization header that is not AWS's. It may hold a password, which is not repeated."""
    if service == "s3":
        return AwsError("InvalidArgument", "Unsupported Authorization Type", status=400)
    return half_a_header(service, ["Credential", "Signature", "SignedHeaders"])


def two_signatures(service: str) -> AwsError:
    """One in the header and one in the URL."""
    if service == "s3":
        text = (
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
            "parameter or the Authorization header should be specified"
        )
        return AwsError("InvalidArgument", text, status=400)
    text = "The request is signed both in the Authorization header and in the query string."
    return AwsError("IncompleteSignature", text, status=400)


def _auth_failure() -> AwsError:
    text = "AWS was not able to validate the provided access credentials"
    return AwsError("AuthFailure", text, status=401)


def _expired(service: str, signed_at: float, now: float, allowed: int) -> AwsError:
    if service == "ec2":
        return AwsError("RequestExpired", "Request has expired.", status=400)
    window = f"{allowed // 60} min." if allowed % 60 == 0 else f"{allowed} sec."
    return does_not_match(
        f"Signature expired: {_basic(signed_at)} is now earlier than {_basic(now - allowed)} "
        f"({_basic(now)} - {window})"
    )


def _not_yet(service: str, signed_at: float, now: float) -> AwsError:
    if service == "ec2":
        return AwsError("RequestExpired", "Request has expired.", status=400)
    return does_not_match(
        f"Signature not yet current: {_basic(signed_at)} is still later than {_basic(now + MAX_SKEW)} "
        f"({_basic(now)} + {MAX_SKEW // 60} min.)"
    )


def _refusal(code: str, text: str, members: Mapping[str, str] | None = None) -> AwsError:
    return AwsError(code, text, status=403, members=members)


def _basic(instant: float) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime(ISO_BASIC)


def _extended(instant: float) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _spaced(text: str) -> str:
    return text.encode("utf-8").hex(" ")
