"""The HTTP status of an error code: from the service's model, S3's own table, or the few that no table has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.rules.buckets.errors import S3_ERRORS
from stillup.wire.aws.error_names import error_name
from stillup.wire.aws.messages import AwsError

_STATUSES: Final[Mapping[str, int]] = {
    "AccessDenied": 403,
    "InternalError": 500,
    "InternalFailure": 500,
    "MethodNotAllowed": 405,
    "MissingContentLength": 411,
    "NotImplemented": 501,
    "ServiceUnavailable": 503,
    "SlowDown": 503,
    "UnauthorizedOperation": 403,
    "UnknownOperationException": 404,
}


def status_of(service: str, error: AwsError) -> int:
    """The error's own status, else the model's, else S3's or the common one, else 400."""
    if error.status is not None:
        return error.status
    shape = error_name(service, error.code).shape
    modelled = shape.metadata.get("error", {}) if shape is not None else {}
    if "httpStatusCode" in modelled:
        return int(modelled["httpStatusCode"])
    if service == "s3" and error.code in S3_ERRORS:
        return S3_ERRORS[error.code][0]
    return _STATUSES.get(error.code, 400)


def internal_error() -> AwsError:
    """Our fault, said as AWS says it."""
    return AwsError("InternalError", "We encountered an internal error. Please try again.", status=500)


def service_unavailable() -> AwsError:
    """The world's fault: nothing was changed, and a retry may succeed."""
    return AwsError(
        "ServiceUnavailable", "Service is unable to handle request. Please try again.", status=503
    )
