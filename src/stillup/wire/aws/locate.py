"""Which operation of which service a request is, by botocore's models."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from botocore.model import OperationModel, OperationNotFoundError

from stillup.rules.buckets.errors import S3_ERRORS
from stillup.wire.aws.hosts import DEFAULT_ENDPOINT_HOSTS, bucket_of_host
from stillup.wire.aws.messages import AwsError, HttpRequest
from stillup.wire.aws.models import SERVICES, operation_model, service_model, target_services
from stillup.wire.aws.protocols import CBOR, FORMS, JSON, Target, protocol_of, target_of
from stillup.wire.aws.routes import find_route, knows_path
from stillup.wire.aws.scope import Scope, form_fields, scope_of


@dataclass(frozen=True, slots=True)
class Located:
    """A request whose operation is known. `labels` are the path's, still percent-encoded."""

    service: str
    protocol: str
    operation: OperationModel
    region: str
    access_key_id: str | None
    labels: Mapping[str, str]

    @property
    def streams(self) -> bool:
        """Whether the request's body is a payload that is handed on as it arrives."""
        return bool(self.operation.has_streaming_input)

    @property
    def declares_checksum(self) -> bool:
        """Whether `x-amz-checksum-` headers are the request body's, and not, say, the finished object's."""
        return "requestAlgorithmMember" in self.operation.http_checksum


def locate(
    request: HttpRequest,
    form: bytes = b"",
    *,
    scope: Scope | None = None,
    endpoint_hosts: Collection[str] = DEFAULT_ENDPOINT_HOSTS,
) -> Located:
    """The operation that a request calls.

    `form` is the body where scope.carries_form() says that the operation is named there. `endpoint_hosts` are
    the names of this server, for buckets in the host name. Raises AwsError, in the words of the service, if
    there is no such operation.
    """
    scope = scope or scope_of(request, form)
    if scope.service not in SERVICES:
        raise AwsError("UnknownService", f"The service {scope.service} is not served here.", status=404)
    protocol = protocol_of(scope.service, request)
    if protocol in FORMS:
        return _locate_by_action(request, form, scope)
    target = target_of(request)
    if target is not None and protocol in (JSON, CBOR):
        return _locate_by_target(request, target, scope)
    return _locate_by_path(request, scope, endpoint_hosts)


def _locate_by_target(request: HttpRequest, target: Target, scope: Scope) -> Located:
    known = request.method == "POST" and target_services().get(target.service) == scope.service
    try:
        operation = operation_model(scope.service, target.operation if known else "")
    except OperationNotFoundError:
        raise _no_target(target) from None
    return _located(request, scope, operation, {})


def _locate_by_action(request: HttpRequest, form: bytes, scope: Scope) -> Located:
    fields = form_fields(request, form)
    action = fields.get("Action", "")
    try:
        operation = operation_model(scope.service, action)
    except OperationNotFoundError:
        raise unknown_action(scope.service, action, fields.get("Version", "")) from None
    return _located(request, scope, operation, {})


def _locate_by_path(request: HttpRequest, scope: Scope, endpoint_hosts: Collection[str]) -> Located:
    path = request.path or "/"
    if scope.service == "s3":
        bucket = bucket_of_host(request.headers.get("host", ""), endpoint_hosts)
        if bucket is not None:
            path = f"/{quote(bucket)}{path}"
    found = find_route(
        scope.service,
        method=request.method,
        path=path,
        query=dict(parse_qsl(request.query, keep_blank_values=True, errors="replace")),
        headers=request.headers,
    )
    if found is None:
        raise _no_route(scope.service, path)
    route, labels = found
    return _located(request, scope, route.operation, labels)


def _located(
    request: HttpRequest, scope: Scope, operation: OperationModel, labels: Mapping[str, str]
) -> Located:
    protocol = protocol_of(scope.service, request)
    return Located(scope.service, protocol, operation, scope.region, scope.access_key_id, labels)


def _no_target(target: Target) -> AwsError:
    """The RPC protocols' word for an operation that the service does not have."""
    text = f"Could not find operation {target.operation} of {target.service}"
    return AwsError("InvalidAction", text, status=404 if target.protocol == CBOR else 400)


def _no_route(service: str, path: str) -> AwsError:
    if service == "s3":
        return AwsError("MethodNotAllowed", S3_ERRORS["MethodNotAllowed"][1])
    if knows_path(service, path):
        return AwsError("InvalidAction", "The HTTP method is not allowed for this resource.", status=405)
    # What AWS's service framework says to an address that no operation has.
    return AwsError("UnknownOperationException", "No operation has this address.", status=404)


def unknown_action(service: str, action: str, version: str) -> AwsError:
    """EC2's and the query services' word for an `Action` that they do not have.

    JSON and CBOR spell it UnknownOperationException (error_names.py).
    """
    if not action:
        return AwsError("MissingAction", "The request must contain the parameter Action.", status=400)
    if service == "ec2":
        return AwsError(
            "InvalidAction", f"The action {action} is not valid for this web service.", status=400
        )
    return AwsError("InvalidAction", f"Could not find operation {action} for version {version}", status=400)


def not_built(located: Located) -> AwsError:
    """The service's own error for an operation that the model knows and this server does not offer.

    Route 53 says this of operations that a partition lacks (quoted in terraform-provider-aws, which takes it
    for "nothing to do" when it destroys a zone).
    """
    name = located.operation.name
    match located.service:
        case "route53":
            text = f"The operation {name} is not available for the current AWS account"
            return AwsError("AccessDenied", text, status=403)
        case "s3":
            return AwsError("NotImplemented", S3_ERRORS["NotImplemented"][1])
        case service:
            version = service_model(service).api_version
            return unknown_action(service, name, version)
