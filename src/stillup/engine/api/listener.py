"""The AWS API over HTTP: one ASGI application for all services.

    head -> scope -> [form] -> locate -> [whole body] -> identify -> parse -> throttle -> authorize -> operation
         -> render -> audit -> response

S3 signs what the head says of its payload, so there the caller is identified before a body is read. Payloads stream in
both directions and are never collected. An exception that is neither AWS's nor the world's is a bug: it is logged with
its traceback, and the caller gets InternalError.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypedDict

from stillup.engine.api.audit import AuditEntry, AuditLog
from stillup.engine.api.authentication import Authentication, Caller
from stillup.engine.api.authorization import authorize, refusals
from stillup.engine.api.bodies import (
    Body,
    ClientDisconnected,
    Message,
    Receive,
    payload,
    raise_if_length_is_missing,
)
from stillup.engine.api.call import ApiPorts, Call, Operation, Reply
from stillup.engine.api.counters import ApiCounters
from stillup.engine.api.throttling import Throttle
from stillup.engine.ports import JournalUnavailable
from stillup.engine.uuids import new_uuid
from stillup.wire.aws.errors import internal_error, service_unavailable
from stillup.wire.aws.hosts import DEFAULT_ENDPOINT_HOSTS
from stillup.wire.aws.interpret import parse, render, render_error
from stillup.wire.aws.locate import Located, locate, not_built
from stillup.wire.aws.messages import AwsError, HttpRequest, HttpResponse
from stillup.wire.aws.models import SERVICES, service_model
from stillup.wire.aws.scope import Scope, carries_form, scope_of
from stillup.wire.aws.sigv4_chunks import ChunkSignatures

_log: Final = logging.getLogger(__name__)

_GONE: Final = 499
"""What nginx notes, and we do, of a caller that did not wait for an answer."""

Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Mapping[str, Any], Receive, Send], Awaitable[None]]


def api_application(
    ports: ApiPorts,
    operations: Mapping[str, Mapping[str, Operation]],
    *,
    authentication: Authentication,
    audit: AuditLog,
    counters: ApiCounters,
    throttle: bool = False,
    endpoint_hosts: Collection[str] = DEFAULT_ENDPOINT_HOSTS,
) -> Application:
    """The ASGI application that serves these operations, by service and name.

    `throttle` turns Route 53's limits on (TH-1 to TH-3). `endpoint_hosts` are the names under which callers reach
    this server; a further label before one of them is an S3 bucket.
    """
    for service in SERVICES:
        service_model(service)  # 0.1 s of reading that no caller should wait for
    doors = _Doors(authentication, audit, counters, Throttle() if throttle else None)
    return _Api(ports, operations, doors, endpoint_hosts)


@dataclass(frozen=True, slots=True)
class _Doors:
    """Who asks, notes and counts before a call is served and after."""

    authentication: Authentication
    audit: AuditLog
    counters: ApiCounters
    throttle: Throttle | None


class _Checks(TypedDict):
    """What a payload is held against."""

    checksummed: bool
    signatures: ChunkSignatures | None


@dataclass(frozen=True, slots=True)
class _Answer:
    """A response's head and body, or its head and where the body comes from."""

    response: HttpResponse
    stream: AsyncIterator[bytes] | None = None


class _Api:
    def __init__(
        self,
        ports: ApiPorts,
        operations: Mapping[str, Mapping[str, Operation]],
        doors: _Doors,
        endpoint_hosts: Collection[str],
    ) -> None:
        self._ports = ports
        self._operations = operations
        self._doors = doors
        self._endpoint_hosts = endpoint_hosts

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        request = _request(scope)
        body = Body(receive)
        request_id = new_uuid(self._ports.die)
        peer = scope.get("client")
        entry = AuditEntry(request_id, peer[0] if peer else "")
        try:
            answer = await self._answer(request, body, entry, is_secure=scope.get("scheme") == "https")
            await _send(request, body, answer, send)
        except ClientDisconnected:
            _log.debug("the caller went away", extra={"path": request.path})

    async def _answer(
        self, request: HttpRequest, body: Body, entry: AuditEntry, *, is_secure: bool
    ) -> _Answer:
        """The response to the request, whatever happens; noted and counted."""
        scope = entry.scope = scope_of(request)
        told = {"request_id": entry.request_id}
        try:
            form = b""
            if carries_form(request):
                form = await body.whole(request, scope.service)
                scope = entry.scope = scope_of(request, form)
            answer = await self._call(request, body, scope, form, entry, is_secure=is_secure)
            self._note(entry, answer.response.status, None)
        except AwsError as error:
            refusal = error
        except JournalUnavailable as reason:
            _log.error("an API call cannot be kept: %s", reason, extra=told)
            refusal = service_unavailable()
        except ClientDisconnected:
            self._note(entry, _GONE, "ClientDisconnected")
            raise
        except Exception:  # noqa: BLE001 - ours: say so loudly, and let the other callers go on
            _log.exception("an API call failed", extra=told | {"path": request.path})
            refusal = internal_error()
        else:
            return answer
        response = render_error(scope.service, refusal, request, entry.request_id)
        self._note(entry, response.status, refusal.code)
        return _Answer(response)

    async def _call(
        self,
        request: HttpRequest,
        body: Body,
        scope: Scope,
        form: bytes,
        entry: AuditEntry,
        *,
        is_secure: bool,
    ) -> _Answer:
        located = locate(request, form, scope=scope, endpoint_hosts=self._endpoint_hosts)
        name = located.operation.name
        entry.action = name
        operation = self._operations.get(located.service, {}).get(name)
        if operation is None:
            raise not_built(located)
        caller, whole, stream = await self._identified(located, request, body, form)
        entry.principal = caller.principal.arn
        parameters = parse(located, request, whole)
        throttle = self._doors.throttle
        if throttle is not None and located.service == "route53":
            throttle.raise_if_exceeded(name, parameters, self._ports.clock.now())
        call = Call(
            service=located.service,
            operation=name,
            parameters=parameters,
            request=request,
            request_id=entry.request_id,
            region=located.region,
            access_key_id=located.access_key_id,
            body=stream,
            principal=caller.principal,
            source_ip=entry.source_ip,
            is_secure=is_secure,
        )
        self._authorize(call, entry)
        outcome = await operation(self._ports, call)
        reply = outcome if isinstance(outcome, Reply) else Reply(outcome)
        return _Answer(render(located, reply.output, entry.request_id), reply.stream)

    def _authorize(self, call: Call, entry: AuditEntry) -> None:
        """Note what the call is about: all of it, or what the caller may not touch. Raises AwsError."""
        try:
            entry.resources = authorize(self._ports, call)
        except AwsError:
            entry.resources = tuple(refusals(self._ports, call))
            raise

    async def _identified(
        self, located: Located, request: HttpRequest, body: Body, form: bytes
    ) -> tuple[Caller, bytes, AsyncIterator[bytes]]:
        """Who calls, what is parsed, and what is streamed."""
        identify = self._doors.authentication.identify
        if located.service != "s3":
            whole = form or await body.whole(request, located.service, checksummed=located.declares_checksum)
            return identify(request, located.service, whole), whole, body.chunks()
        caller = identify(request, "s3", b"")
        how: _Checks = {"checksummed": located.declares_checksum, "signatures": caller.chunks}
        if located.streams:
            raise_if_length_is_missing(request)
            return caller, b"", payload(request, body.chunks(), **how)
        return caller, form or await body.whole(request, "s3", **how), body.chunks()

    def _note(self, entry: AuditEntry, status: int, error: str | None) -> None:
        service = entry.scope.service if entry.scope is not None else ""
        operation = entry.action or ""
        is_built = operation in self._operations.get(service, {})
        self._doors.counters.count(
            service if service in SERVICES else "", operation if is_built else "", status
        )
        clock = self._ports.clock
        self._doors.audit.write(entry.line(at=clock.now(), wall=clock.wall(), status=status, error=error))


def _request(scope: Mapping[str, Any]) -> HttpRequest:
    """The request's head. Repeated headers are joined as RFC 9110 section 5.3 says."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    return HttpRequest(scope["method"], path, scope["query_string"].decode("latin-1"), headers)


async def _send(request: HttpRequest, body: Body, answer: _Answer, send: Send) -> None:
    response, stream = answer.response, answer.stream
    headers = {name.lower(): value for name, value in response.headers.items()}
    if stream is None:
        # A HEAD reply says the length of what GET would have sent.
        headers.setdefault("content-length", str(len(response.body)))
    if response.status in (204, 304):
        headers.pop("content-length", None)
    if not body.complete and "expect" in request.headers:
        # The caller has been refused before its payload and may not send it: what comes next on this
        # connection could be either the payload or another request.
        headers["connection"] = "close"
    encoded = [(name.encode("latin-1"), _octets(value)) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": encoded})
    if stream is not None:
        await _send_stream(stream, body, send, wanted=request.method != "HEAD")
    await send({"type": "http.response.body", "body": response.body if stream is None else b""})


async def _send_stream(stream: AsyncIterator[bytes], body: Body, send: Send, *, wanted: bool) -> None:
    """Send chunks until there are no more, or nobody who takes them."""
    gone = asyncio.create_task(body.until_disconnected())
    try:
        if wanted:
            async for chunk in stream:
                if gone.done():
                    raise ClientDisconnected
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
    finally:
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()


def _octets(value: str) -> bytes:
    """A header's octets as they came in; what cannot have come in, as UTF-8."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")
