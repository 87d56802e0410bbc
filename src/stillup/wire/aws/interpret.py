"""Requests to values and values to responses: the protocol table and its three verbs.

    locate()  ->  parse()  ->  the operation  ->  render()
                     \\______________\\_____________->  render_error()

A protocol is a file with a Spelling and a line in PROTOCOLS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from stillup.wire.aws import cbor, ec2, json, query, rest_xml
from stillup.wire.aws.complaints import complaint
from stillup.wire.aws.errors import status_of
from stillup.wire.aws.flaws import Flawed
from stillup.wire.aws.locate import Located
from stillup.wire.aws.messages import AwsError, HttpRequest, HttpResponse, Output
from stillup.wire.aws.models import SERVICES
from stillup.wire.aws.protocols import CBOR, EC2, JSON, QUERY, REST_XML, protocol_of, target_of
from stillup.wire.aws.spelling import Failure, Spelling

PROTOCOLS: Final[Mapping[str, Spelling]] = {
    REST_XML: rest_xml.SPELLING,
    QUERY: query.SPELLING,
    EC2: ec2.SPELLING,
    JSON: json.SPELLING,
    CBOR: cbor.SPELLING,
}


def parse(located: Located, request: HttpRequest, body: bytes) -> Mapping[str, Any]:
    """The members of the operation's input, validated by the model.

    Names are the model's; times are aware datetimes, blobs bytes; a streamed payload is left out, and what was
    not sent is not there. Raises AwsError in the service's own words.
    """
    try:
        return PROTOCOLS[located.protocol].parse(located, request, body)
    except Flawed as flawed:
        raise complaint(located.service, flawed.flaw) from flawed


def render(located: Located, output: Output, request_id: str) -> HttpResponse:
    """The response to a call that went well.

    Raises ValueError for a member that the model does not have (ours), AwsError for a value that HTTP cannot
    carry (the caller's).
    """
    return PROTOCOLS[located.protocol].render(located.operation, output, request_id)


def render_error(service: str, error: AwsError, request: HttpRequest, request_id: str) -> HttpResponse:
    """The response to a call that failed, in the request's protocol: without a body for HEAD, as HTTP demands.

    A service that is not spoken here answers as STS would, or in the RPC protocol that it was asked in.
    """
    known = service if service in SERVICES else "sts"
    target = target_of(request)
    protocol = protocol_of(known, request) if service in SERVICES or target is None else target.protocol
    failure = Failure(
        service=known,
        error=error,
        status=status_of(known, error),
        resource=request.path,
        request_id=request_id,
        query_mode=request.headers.get("x-amzn-query-mode", "").lower() == "true",
    )
    response = PROTOCOLS[protocol].render_error(failure)
    headers = {**response.headers, **error.headers}
    return replace(response, headers=headers, body=b"" if request.method == "HEAD" else response.body)
