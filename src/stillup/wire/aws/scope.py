"""For whom and for which service a request was signed: read from the credential scope, not yet verified."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from stillup.wire.aws.compression import inflated
from stillup.wire.aws.messages import HttpRequest
from stillup.wire.aws.models import SERVICES, SIGNING_NAMES, target_services
from stillup.wire.aws.protocols import FORMS, form_service, protocol_of, target_of

DEFAULT_REGION: Final = "us-east-1"
# S3 called it the US Standard Region once; s3cmd still signs for `US` unless it is told where the bucket is.
_REGIONS_BY_OLD_NAME: Final = {"": DEFAULT_REGION, "US": DEFAULT_REGION}
_SERVICES_BY_SIGNING_NAME: Final = {signing: service for service, signing in SIGNING_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Scope:
    """`service` is botocore's name; it may be one that is not spoken here, and locate() says so."""

    service: str
    region: str = DEFAULT_REGION
    access_key_id: str | None = None


def scope_of(request: HttpRequest, form: bytes = b"") -> Scope:
    """What the credentials name; without any (or with Signature Version 2's), what the request looks like.

    | credentials   | target, path           | Action, Version     | service                        |
    |---------------|------------------------|---------------------|--------------------------------|
    | V4 scope      | any                    | any                 | the scope's                    |
    | V2 or none    | X-Amz-Target, CBOR     | any                 | the target's                   |
    | V2 or none    | /2013-04-01/…          | any                 | route53                        |
    | V2 or none    | other                  | a known Version     | the Version's                  |
    | V2 or none    | other                  | an Action alone     | the first that has it, or sts  |
    | V2 or none    | other                  | none                | s3                             |

    Raises AwsError for a gzipped form that is none.
    """
    signed = _signature_v4(request)
    if signed is not None:
        return signed
    key = _signature_v2_key(request)
    target = target_of(request)
    if target is not None:
        return Scope(target_services().get(target.service, target.service), access_key_id=key)
    if request.path.startswith("/2013-04-01/"):
        return Scope("route53", access_key_id=key)
    fields = form_fields(request, form)
    if "Action" in fields:
        return Scope(form_service(fields), access_key_id=key)
    return Scope("s3", access_key_id=key)


def carries_form(request: HttpRequest) -> bool:
    """Whether the operation is named in the body, so that it must be read before locate()."""
    if request.method != "POST":
        return False
    signed = _signature_v4(request)
    if signed is not None:
        return signed.service in SERVICES and protocol_of(signed.service, request) in FORMS
    return request.path in ("", "/") and target_of(request) is None


def form_fields(request: HttpRequest, form: bytes) -> dict[str, str]:
    """The fields of a query-protocol request, from the query string and the body; the first of equals wins.

    Raises AwsError for a gzipped form that is none.
    """
    fields: dict[str, str] = {}
    for source in (request.query, inflated(request, form).decode("utf-8", "replace")):
        for name, value in parse_qsl(source, keep_blank_values=True, errors="replace"):
            fields.setdefault(name, value)
    return fields


_V4: Final = re.compile(r"AWS4-(?:HMAC|ECDSA-P256)-SHA256\s.*?Credential=([^,\s]+)")
_V2: Final = re.compile(r"AWS ([^:\s]+):")


def _signature_v4(request: HttpRequest) -> Scope | None:
    """The scope of `Authorization` or of a presigned URL: KEY/date/region/service/aws4_request."""
    found = _V4.match(request.headers.get("authorization", ""))
    credential = found[1] if found else _query_field(request, "X-Amz-Credential")
    if credential is None:
        return None
    match credential.split("/"):
        case [*key, _date, region, service, "aws4_request"] if key:
            return Scope(_service(service), _REGIONS_BY_OLD_NAME.get(region, region), "/".join(key))
        case [key_id, _date, service, "aws4_request"]:
            # SigV4A signs for a set of Regions, so its scope names none.
            return Scope(_service(service), DEFAULT_REGION, key_id)
        case _:
            return None


def _service(signing_name: str) -> str:
    return _SERVICES_BY_SIGNING_NAME.get(signing_name, signing_name)


def _signature_v2_key(request: HttpRequest) -> str | None:
    """The key of the old S3 signature, which `generate_presigned_url` still makes."""
    found = _V2.match(request.headers.get("authorization", ""))
    return found[1] if found else _query_field(request, "AWSAccessKeyId")


def _query_field(request: HttpRequest, name: str) -> str | None:
    if name not in request.query:
        return None
    return dict(parse_qsl(request.query, keep_blank_values=True, errors="replace")).get(name)
