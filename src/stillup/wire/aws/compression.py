"""Bodies that come gzipped: SDKs do that to PutMetricData from 10 KiB on."""

from __future__ import annotations

import zlib
from typing import Final

from stillup.wire.aws.messages import AwsError, HttpRequest

MOST: Final = 1024 * 1024
"""Octets that come out, at most: CloudWatch's own limit (CW-11)."""

_GZIP: Final = 16 + zlib.MAX_WBITS


def inflated(request: HttpRequest, body: bytes) -> bytes:
    """The body without its gzip, if `Content-Encoding` names it. Raises AwsError.

    No more than MOST octets are ever made, however well they were packed.
    """
    if request.headers.get("content-encoding", "").strip().lower() != "gzip" or not body:
        return body
    unpacker = zlib.decompressobj(_GZIP)
    try:
        plain = unpacker.decompress(body, MOST + 1)
    except zlib.error as problem:
        raise AwsError("SerializationException", "The body is not gzip.", status=400) from problem
    if len(plain) > MOST:
        raise AwsError("RequestEntityTooLarge", f"The body is larger than {MOST} octets", status=413)
    if not unpacker.eof:
        raise AwsError("SerializationException", "The gzipped body ends too early.", status=400)
    return plain
