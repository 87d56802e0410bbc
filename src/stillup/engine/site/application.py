"""The website endpoint as an ASGI application.

An object is streamed chunk by chunk, at the pace of its reader, so a large one takes no more memory than a small
one. A visitor who leaves early ends the reading, and that is no error.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from stillup.engine.ports import Blobs, Clock, Die, Worlds
from stillup.engine.site.pages import (
    Headers,
    RequestIds,
    not_modified_headers,
    object_headers,
    problem_page,
)
from stillup.rules.buckets.access import ANYBODY
from stillup.rules.buckets.conditional import Conditions, parse_http_date
from stillup.rules.buckets.website import (
    NotModified,
    Problem,
    Redirect,
    Serve,
    Visit,
    WebsiteResponse,
    respond,
)
from stillup.rules.iam.context import principal_keys, request_keys
from stillup.rules.ids import Instant

# An object may be replaced between the decision and the first read; then the newest world decides again.
ATTEMPTS: Final = 5

_log = logging.getLogger(__name__)


def site_application(worlds: Worlds, blobs: Blobs, clock: Clock, die: Die) -> ASGIApp:
    """Serves the buckets of the current world as S3's website endpoints do. Speaks HTTP only (S3-1).

    Every answer has ids as S3's have; error pages show them, for a visitor to quote.
    """

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        visit = visit_of(scope, clock.now())
        ids = RequestIds.drawn(die)
        for _ in range(ATTEMPTS):
            answer = respond(worlds.current.buckets, visit)
            if not isinstance(answer, Serve) or visit.method == "HEAD" or answer.span.length == 0:
                await _send_whole(answer, visit, ids, send)
                return
            try:
                chunks = blobs.read(answer.object.blob, answer.span.start, answer.span.length)
                first = await anext(chunks, b"")
            except FileNotFoundError:
                continue
            await _stream(answer, first, chunks, ids, receive, send)
            return
        facts = {"host": visit.host, "path": visit.path, "request_id": ids.request}
        _log.error("the contents of an object are missing", extra=facts)
        await _send_whole(Problem("InternalError"), visit, ids, send)

    return application


def visit_of(scope: Scope, now: Instant) -> Visit:
    """The request as the rules see it. A Host header that is not there exactly once is none (RFC 9112 §3.2)."""
    headers: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    hosts = headers.get("host", [])
    joined = {name: ", ".join(values) for name, values in headers.items()}
    client = scope.get("client")
    return Visit(
        method=scope["method"],
        host=hosts[0] if len(hosts) == 1 else None,
        path=(scope.get("raw_path") or scope["path"].encode()).decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        context={
            **request_keys(now=now, source_ip=client[0] if client else "", is_secure=False, headers=joined),
            **principal_keys(ANYBODY),
        },
        conditions=Conditions(
            if_match=joined.get("if-match"),
            if_none_match=joined.get("if-none-match"),
            if_modified_since=parse_http_date(joined.get("if-modified-since")),
            if_unmodified_since=parse_http_date(joined.get("if-unmodified-since")),
        ),
        range=joined.get("range"),
        if_range=joined.get("if-range"),
    )


async def _send_whole(answer: WebsiteResponse, visit: Visit, ids: RequestIds, send: Send) -> None:
    headers: Headers
    body = b""
    match answer:
        case Serve():
            status, headers = answer.status, object_headers(answer)
        case NotModified(stored):
            status, headers = 304, not_modified_headers(stored)
        case Redirect(status, location):
            headers = {"location": location, "content-length": "0"}
        case Problem():
            status = answer.status
            headers, body = problem_page(answer, ids)
            headers["content-length"] = str(len(body))
    if await _reaches(send, _start(status, ids.headers | headers)):
        await _reaches(send, _body(b"" if visit.method == "HEAD" else body, more=False))


async def _stream(
    answer: Serve,
    first: bytes,
    rest: AsyncIterator[bytes],
    ids: RequestIds,
    receive: Receive,
    send: Send,
) -> None:
    gone = asyncio.ensure_future(_departure(receive))
    try:
        heard = await _reaches(send, _start(answer.status, ids.headers | object_headers(answer)))
        heard = heard and await _reaches(send, _body(first, more=True))
        while heard and not gone.done():
            chunk = await anext(rest, None)
            heard = await _reaches(send, _body(chunk or b"", more=chunk is not None))
            if chunk is None:
                break
    finally:
        gone.cancel()
        if (aclose := getattr(rest, "aclose", None)) is not None:
            await aclose()


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _reaches(send: Send, message: Mapping[str, object]) -> bool:
    """Send, and say whether the visitor is still there. ASGI servers raise OSError when not (ASGI 2.4)."""
    try:
        await send(dict(message))
    except OSError:
        return False
    return True


def _start(status: int, headers: Mapping[str, str]) -> dict[str, object]:
    encoded = [
        (name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()
    ]
    return {"type": "http.response.start", "status": status, "headers": encoded}


def _body(octets: bytes, *, more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": octets, "more_body": more}
