"""Request bodies: read whole within a limit, or handed on as they arrive, checked on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final, TypeAlias

from stillup.wire.aws.checksums import PayloadCheck
from stillup.wire.aws.chunked import ChunkedDecoder, decoded_length, is_aws_chunked
from stillup.wire.aws.messages import AwsError, HttpRequest
from stillup.wire.aws.sigv4_chunks import ChunkSignatures

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]

MIB: Final = 1024 * 1024
LIMITS: Final[Mapping[str, int]] = {"ec2": MIB, "route53": MIB, "s3": 5 * MIB, "sts": MIB}
"""Octets of a body that is read whole. Route 53's largest batch (CH-4) and S3's DeleteObjects of 1,000 keys fit."""


class ClientDisconnected(Exception):
    """The caller went away before its request was complete; nobody's bug, and nobody to tell."""


class Body:
    """The octets of one request. They can be read once."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.complete = False
        """Whether the last octet has been read."""

    async def chunks(self) -> AsyncIterator[bytes]:
        """The octets as they arrive. Raises ClientDisconnected."""
        while not self.complete:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnected
            self.complete = not message.get("more_body", False)
            if message.get("body"):
                yield message["body"]

    async def whole(
        self,
        request: HttpRequest,
        service: str,
        *,
        checksummed: bool = False,
        signatures: ChunkSignatures | None = None,
    ) -> bytes:
        """All octets, free of aws-chunked framing and checked. Raises AwsError where they are too many."""
        limit = LIMITS.get(service, MIB)
        declared = request.headers.get("content-length", "")
        if declared.isdigit() and len(declared) < 20 and int(declared) > limit:
            raise _too_large(service, limit)
        collected = bytearray()
        chunks = payload(request, self.chunks(), checksummed=checksummed, signatures=signatures)
        async for chunk in chunks:
            collected += chunk
            if len(collected) > limit:
                raise _too_large(service, limit)
        return bytes(collected)

    async def until_disconnected(self) -> None:
        """Wait until the caller goes away; what it still sends is dropped."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def payload(
    request: HttpRequest,
    chunks: AsyncIterator[bytes],
    *,
    checksummed: bool,
    signatures: ChunkSignatures | None = None,
) -> AsyncIterator[bytes]:
    """The payload that was meant: no framing, and every declared digest, length and signature true at its end.

    `checksummed`: whether `x-amz-checksum-` headers are about this payload.
    """
    headers = request.headers
    check = PayloadCheck(headers, describe_payload=checksummed)
    if not is_aws_chunked(headers):
        async for octets in chunks:
            check.update(octets)
            yield octets
        check.finish({})
        return
    decoder = ChunkedDecoder(decoded_length(headers), signatures)
    async for octets in chunks:
        for piece in decoder.receive(octets):
            check.update(piece)
            yield piece
    decoder.finish()
    check.finish(decoder.trailers)


def raise_if_length_is_missing(request: HttpRequest) -> None:
    """S3 takes no payload whose length it cannot know beforehand."""
    unknown = "transfer-encoding" in request.headers and "content-length" not in request.headers
    if unknown and "x-amz-decoded-content-length" not in request.headers:
        text = "You must provide the Content-Length HTTP header."
        raise AwsError("MissingContentLength", text, status=411)


def _too_large(service: str, limit: int) -> AwsError:
    match service:
        case "s3":
            return AwsError("MaxMessageLengthExceeded", "Your request was too large.", status=400)
        case "route53":
            text = f"Invalid request: the body is larger than {limit} octets"
            return AwsError("InvalidInput", text)
        case _:
            return AwsError("RequestEntityTooLarge", f"The body is larger than {limit} octets", status=413)
