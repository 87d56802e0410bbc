"""AWS JSON 1.0 (CloudWatch, SQS): the members as one JSON object under `X-Amz-Target`."""

from __future__ import annotations

import base64
import math
from typing import Any, Final

import msgspec
from botocore.model import OperationModel, Shape

from stillup.wire.aws.compression import inflated
from stillup.wire.aws.document import malformed, read_document, seconds, write_members
from stillup.wire.aws.locate import Located
from stillup.wire.aws.messages import HttpRequest, HttpResponse, Output
from stillup.wire.aws.spelling import Failure, Spelling, error_document, query_error_headers

_CONTENT_TYPE: Final = "application/x-amz-json-1.0"


def parse(located: Located, request: HttpRequest, body: bytes) -> dict[str, Any]:
    """The members of the operation's input; no body is an empty object. Raises Flawed, AwsError."""
    shape = located.operation.input_shape
    try:
        document = msgspec.json.decode(inflated(request, body) or b"{}")
    except (ValueError, RecursionError) as problem:
        raise malformed(f"The body is not JSON: {problem}") from problem
    return {} if shape is None else read_document(shape, document)


def render(operation: OperationModel, output: Output, request_id: str) -> HttpResponse:
    """The members as an object; an empty one for an operation without output."""
    shape = operation.output_shape
    document = {} if shape is None else write_members(shape, output.members, _leaf)
    headers = _headers(request_id) | dict(output.headers)
    return HttpResponse(output.status or 200, headers, msgspec.json.encode(document))


def render_error(failure: Failure) -> HttpResponse:
    """`__type`, the message and the error's members; the query code beside it for who asks (CW-12)."""
    headers = _headers(failure.request_id) | query_error_headers(failure)
    return HttpResponse(failure.status, headers, msgspec.json.encode(error_document(failure, _leaf)))


def _headers(request_id: str) -> dict[str, str]:
    return {"x-amzn-RequestId": request_id, "Content-Type": _CONTENT_TYPE}


def _leaf(shape: Shape, value: Any) -> Any:
    """A time is a number, a blob base64, and a number that is none a word."""
    match shape.type_name:
        case "timestamp":
            moment = round(seconds(value), 3)
            return int(moment) if moment.is_integer() else moment
        case "blob":
            return base64.b64encode(value).decode("ascii")
        case "float" | "double":
            return _number(float(value))
        case "integer" | "long":
            return int(value)
        case "boolean":
            return bool(value)
        case _:
            return str(value)


def _number(value: float) -> float | str:
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else "Infinity" if value > 0 else "-Infinity"


SPELLING: Final = Spelling(parse=parse, render=render, render_error=render_error)
