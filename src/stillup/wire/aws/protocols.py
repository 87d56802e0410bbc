"""Which protocol a request is in: read from the request, not from the model (CW-12)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from stillup.wire.aws.messages import HttpRequest
from stillup.wire.aws.models import SERVICES, service_model

REST_XML: Final = "rest-xml"
QUERY: Final = "query"
EC2: Final = "ec2"
JSON: Final = "json"
CBOR: Final = "smithy-rpc-v2-cbor"

FORMS: Final = frozenset({QUERY, EC2})
"""The protocols whose operation is a form field."""

SPOKEN: Final[Mapping[str, tuple[str, ...]]] = {
    "route53": (REST_XML,),
    "s3": (REST_XML,),
    "ec2": (EC2,),
    "sts": (QUERY,),
    "cloudwatch": (QUERY, JSON, CBOR),
    "sns": (QUERY,),
    "iam": (QUERY,),
    "sqs": (QUERY, JSON),
}
"""The protocols of each service; the first is that of a request which bears no mark of another."""

_CBOR_PATH: Final = re.compile(r"(?:/.*)?/service/(?P<service>[^/]*)/operation/(?P<operation>[^/]*)")


@dataclass(frozen=True, slots=True)
class Target:
    """What a request of an RPC protocol calls: a Smithy service, as `AmazonSQS`, and its operation."""

    protocol: str
    service: str
    operation: str


def target_of(request: HttpRequest) -> Target | None:
    """The target of a JSON or CBOR request; None for any other. What has no such form calls nothing.

    | header          | value           | protocol | target                                 |
    |-----------------|-----------------|----------|----------------------------------------|
    | smithy-protocol | rpc-v2-cbor     | CBOR     | the path: /service/NAME/operation/NAME |
    | x-amz-target    | NAME.NAME       | JSON     | the header                             |
    | neither         |                 | others   | None                                   |
    """
    if request.headers.get("smithy-protocol") == "rpc-v2-cbor":
        found = _CBOR_PATH.fullmatch(request.path)
        return Target(CBOR, *found.group("service", "operation")) if found else Target(CBOR, "", "")
    if "x-amz-target" in request.headers:
        service, _, operation = request.headers["x-amz-target"].rpartition(".")
        return Target(JSON, service, operation)
    return None


def protocol_of(service: str, request: HttpRequest) -> str:
    """The protocol in which to talk about this request to one of SERVICES."""
    target = target_of(request)
    spoken = SPOKEN[service]
    return target.protocol if target is not None and target.protocol in spoken else spoken[0]


def form_service(fields: Mapping[str, str]) -> str:
    """The service whose `Version` a form bears; without one, the first that has the `Action`; else STS.

    The links in confirmations of subscriptions have no version.
    """
    if "Version" in fields:
        return _form_versions().get(fields["Version"], "sts")
    action = fields.get("Action", "")
    return next((name for name in _form_versions().values() if _has_operation(name, action)), "sts")


@cache
def _form_versions() -> Mapping[str, str]:
    return {
        service_model(service).api_version: service for service in SERVICES if FORMS & set(SPOKEN[service])
    }


def _has_operation(service: str, operation: str) -> bool:
    return operation in service_model(service).operation_names
