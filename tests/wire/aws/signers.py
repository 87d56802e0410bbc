"""Requests signed by botocore, as our listener sees them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from botocore.auth import (
    HmacV1Auth,
    HmacV1QueryAuth,
    S3SigV4Auth,
    S3SigV4QueryAuth,
    SigV4Auth,
    SigV4QueryAuth,
)
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from stillup.wire.aws.messages import HttpRequest

KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
CREDENTIALS = Credentials(KEY_ID, SECRET)


def signed(
    service: str,
    *,
    method: str = "GET",
    path: str = "/",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    presigned: int | None = None,
    version: int = 4,
    host: str = "127.0.0.1:4566",
) -> HttpRequest:
    """A request to this path (with its query), signed in its headers or, for `presigned` seconds, in its URL."""
    request = AWSRequest(method, f"http://{host}{path}", {"Host": host, **(headers or {})}, body)
    is_s3 = service == "s3"
    if is_s3:
        request.context["signing"] = {}
        request.context["payload_signing_enabled"] = True
    if version == 2:
        signer = HmacV1Auth(CREDENTIALS) if presigned is None else HmacV1QueryAuth(CREDENTIALS, presigned)
    elif presigned is None:
        signer = (S3SigV4Auth if is_s3 else SigV4Auth)(CREDENTIALS, service, "us-east-1")
    else:
        kind = S3SigV4QueryAuth if is_s3 else SigV4QueryAuth
        signer = kind(CREDENTIALS, service, "us-east-1", expires=presigned)
    signer.add_auth(request)
    return seen(request)


def seen(request: AWSRequest) -> HttpRequest:
    """The request as it is read from the wire."""
    parts = urlsplit(request.url)
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    return HttpRequest(request.method, parts.path or "/", parts.query, headers)
