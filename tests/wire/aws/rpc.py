"""Requests and responses by botocore's serializers and parsers, in the protocol that a test chooses."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlencode

import botocore.session
from botocore import parsers, serialize
from botocore.model import OperationModel, ServiceModel

from stillup.wire.aws.messages import HttpRequest, HttpResponse


@cache
def _service(service: str) -> ServiceModel:
    return botocore.session.Session().get_service_model(service)


def peer_model(service: str, operation: str) -> OperationModel:
    """The operation in botocore's own model, in which nothing is amended."""
    return _service(service).operation_model(operation)


def written(
    model: OperationModel, params: dict[str, Any], protocol: str, signing_name: str = ""
) -> tuple[HttpRequest, bytes]:
    """The request as botocore writes it; with a credential scope, if it is to be signed."""
    made = serialize.create_serializer(protocol, include_validation=False).serialize_to_request(params, model)
    headers = {name.lower(): value for name, value in made["headers"].items()}
    if signing_name:
        credential = f"AKID/20300101/eu-central-1/{signing_name}/aws4_request"
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"
        )
    body = made["body"]
    if isinstance(body, dict):
        body = urlencode(body)
    return HttpRequest(made["method"], made["url_path"], "", headers), (
        body.encode() if isinstance(body, str) else body
    )


def read(model: OperationModel, response: HttpResponse, protocol: str) -> Any:
    """What botocore makes of the response: the members, or the error's members beside code and message."""
    parser = parsers.create_parser(protocol)
    message = {
        "status_code": response.status,
        "headers": {name.lower(): value for name, value in response.headers.items()},
        "body": response.body,
        "context": {"operation_name": model.name},
    }
    parsed = parser.parse(message, model.output_shape)
    if response.status < 300:
        metadata = parsed.pop("ResponseMetadata", {})
        # botocore does not look at the head of an answer in CBOR that has no body.
        assert metadata.get("RequestId") == "req-1" or not response.body
        return parsed
    code = parsed["Error"].get("QueryErrorCode", parsed["Error"]["Code"])
    shape = model.service_model.shape_for_error_code(code)
    return parsed if shape is None else parsed | parser.parse(message, shape)
