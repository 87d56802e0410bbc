"""The other side of the wire: real botocore clients whose requests end in a function instead of a socket."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from stillup.wire.aws.messages import HttpRequest, HttpResponse

Server = Callable[[HttpRequest, bytes], HttpResponse]


class _Raw(io.BytesIO):
    """What botocore reads a body from."""

    def stream(self, amt: int | None = None, **_: object) -> Iterator[bytes]:
        while chunk := self.read(amt):
            yield chunk


@cache
def client(service: str, addressing: str = "path") -> Any:
    """A client that signs, serializes, parses and never retries."""
    session = botocore.session.Session()
    return session.create_client(
        service,
        region_name="eu-central-1",
        endpoint_url="http://localhost:4566",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": addressing}),
    )


def call(service: str, operation: str, params: dict[str, Any], server: Server, **options: str) -> Any:
    """What the client makes of the server's response to its request."""
    caller = client(service, **options)

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        head, body = received(request)
        response = server(head, body)
        return AWSResponse(request.url, response.status, dict(response.headers), _Raw(response.body))

    hook = f"before-send.{service}.{operation}"
    caller.meta.events.register(hook, answer)
    try:
        return caller._make_api_call(operation, params)
    finally:
        caller.meta.events.unregister(hook, answer)


def received(request: AWSPreparedRequest) -> tuple[HttpRequest, bytes]:
    """The request as a server gets it."""
    url = urlsplit(request.url)
    headers = {
        str(name).lower(): value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
    }
    headers.setdefault("host", url.netloc)
    body = request.body
    if body is None:
        body = b""
    elif isinstance(body, str):
        body = body.encode("utf-8")
    elif hasattr(body, "read"):
        body = body.read()
    return HttpRequest(request.method, url.path, url.query, headers), bytes(body)
