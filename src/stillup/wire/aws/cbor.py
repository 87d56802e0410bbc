"""Smithy RPC v2 CBOR (CloudWatch): the members as one CBOR map (RFC 8949) under the path's operation.

Of CBOR's tags only 1, a time, has a place here: bignums, fractions, references, regular expressions and the
others are refused before anything is made of them. Lengths that are not known beforehand are fine, as the
protocol demands; a length that promises more than there is costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import cbor2
from botocore.model import OperationModel, Shape

from stillup.wire.aws.compression import inflated
from stillup.wire.aws.document import malformed, read_document, seconds, write_members
from stillup.wire.aws.locate import Located
from stillup.wire.aws.messages import HttpRequest, HttpResponse, Output
from stillup.wire.aws.spelling import Failure, Spelling, error_document, query_error_headers

_DEEPEST: Final = 32
"""Containers and tags inside each other; the deepest input of a model has eight."""
_EPOCH_TIME: Final = 1
_CONTENT_TYPE: Final = "application/cbor"


def parse(located: Located, request: HttpRequest, body: bytes) -> dict[str, Any]:
    """The members of the operation's input; no body is an empty map. Raises Flawed, AwsError."""
    shape = located.operation.input_shape
    document = _decode(inflated(request, body)) if body else {}
    return {} if shape is None else read_document(shape, document)


def render(operation: OperationModel, output: Output, request_id: str) -> HttpResponse:
    """The members as a map; no body for an operation without output."""
    headers = _headers(request_id)
    body = b""
    if operation.output_shape is not None:
        headers["Content-Type"] = _CONTENT_TYPE
        body = cbor2.dumps(write_members(operation.output_shape, output.members, _leaf))
    return HttpResponse(output.status or 200, headers | dict(output.headers), body)


def render_error(failure: Failure) -> HttpResponse:
    """`__type`, the message and the error's members; the query code beside it for who asks (CW-12)."""
    headers = _headers(failure.request_id) | {"Content-Type": _CONTENT_TYPE} | query_error_headers(failure)
    return HttpResponse(failure.status, headers, cbor2.dumps(error_document(failure, _leaf)))


class _OnlyTimes(dict[int, Callable[..., Any]]):
    """What becomes of a tagged value: a time, or a refusal."""

    def __missing__(self, tag: int) -> Callable[..., Any]:
        raise cbor2.CBORDecodeError(f"tag {tag} has no place here")


_TAGS: Final = _OnlyTimes({_EPOCH_TIME: lambda value, _immutable: value})


def _decode(body: bytes) -> Any:
    try:
        return cbor2.loads(
            body,
            semantic_decoders=_TAGS,
            max_depth=_DEEPEST,
            allow_duplicate_keys=False,
            strict_hashable_types=True,
        )
    except (cbor2.CBORError, ValueError, RecursionError) as problem:
        raise malformed(f"The body is not CBOR: {problem}") from problem


def _headers(request_id: str) -> dict[str, str]:
    return {"x-amzn-RequestId": request_id, "smithy-protocol": "rpc-v2-cbor"}


def _leaf(shape: Shape, value: Any) -> Any:
    match shape.type_name:
        case "timestamp":
            return cbor2.CBORTag(_EPOCH_TIME, round(seconds(value), 3))
        case "blob":
            return bytes(value)
        case "float" | "double":
            return float(value)
        case "integer" | "long":
            return int(value)
        case "boolean":
            return bool(value)
        case _:
            return str(value)


SPELLING: Final = Spelling(parse=parse, render=render, render_error=render_error)
