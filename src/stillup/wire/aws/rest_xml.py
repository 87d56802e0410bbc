"""The rest-xml protocol (Route 53, S3): members in path, query, headers and an XML document."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from botocore.model import ListShape, OperationModel, Shape, StructureShape

from stillup.wire.aws.flaws import Flaw, Flawed, Kind, Place
from stillup.wire.aws.identifiers import bare_id
from stillup.wire.aws.locate import Located
from stillup.wire.aws.messages import AwsError, HttpRequest, HttpResponse, Output
from stillup.wire.aws.models import element_name, xml_namespace
from stillup.wire.aws.rest_xml_errors import render_error
from stillup.wire.aws.scalars import HEADER_TIME, parse_scalar, render_scalar
from stillup.wire.aws.spelling import Spelling
from stillup.wire.aws.xml_read import XmlReader
from stillup.wire.aws.xml_write import XmlWriter

# --- parse ----------------------------------------------------------------------------------------


def parse(located: Located, request: HttpRequest, body: bytes) -> dict[str, Any]:
    """The members of the operation's input; a streamed payload is not among them. Raises Flawed."""
    shape = located.operation.input_shape
    if shape is None:
        return {}
    query = _query(request)
    values: dict[str, Any] = {}
    for name, member in shape.members.items():
        value = _outside_body(located, name, member, request, query)
        if value is not None:
            values[name] = value
        elif name in shape.required_members and _location(member) is not None:
            place = _PLACES[_location(member)]
            raise Flawed(Flaw(Kind.INCOMPLETE, place, name, limit=element_name(member, name)))
    return values | _parse_body(located, shape, body)


_PLACES: Final[Mapping[str | None, Place]] = {
    "uri": Place.URI,
    "querystring": Place.QUERY,
    "header": Place.HEADER,
    "headers": Place.HEADER,
}


def _outside_body(
    located: Located, name: str, shape: Shape, request: HttpRequest, query: Mapping[str, list[str]]
) -> Any:
    """The value of a member in path, query string or headers; None if it is not there or not such a member."""
    wire_name = element_name(shape, name)
    match _location(shape):
        case "uri":
            encoded = located.labels.get(wire_name)
            texts = [] if encoded is None else [_decoded(encoded, name)]
            return _from_texts(located.service, shape, texts, Place.URI, name)
        case "querystring":
            return _from_texts(located.service, shape, query.get(wire_name, []), Place.QUERY, name)
        case "header":
            return _from_header(shape, request.headers.get(wire_name.lower()), name)
        case "headers":
            prefix = wire_name.lower()
            return {
                header[len(prefix) :]: value
                for header, value in request.headers.items()
                if header.startswith(prefix) and len(header) > len(prefix)
            }
        case _:
            return None


def _from_texts(service: str, shape: Shape, texts: list[str], place: Place, name: str) -> Any:
    if not texts:
        return None
    if isinstance(shape, ListShape):
        return [parse_scalar(shape.member, text, place=place, name=name) for text in texts]
    if texts[0] == "" and place is Place.QUERY and shape.type_name != "string":
        return None
    return parse_scalar(shape, bare_id(service, shape, texts[0]), place=place, name=name)


def _from_header(shape: Shape, text: str | None, name: str) -> Any:
    if text is None:
        return None
    if isinstance(shape, ListShape):
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return [parse_scalar(shape.member, part, place=Place.HEADER, name=name) for part in parts]
    if shape.type_name == "timestamp" and not element_name(shape, name).lower().startswith("x-amz-"):
        # HTTP's own dates: one that is none is as if it were not there (RFC 9110 section 13.1.3).
        with contextlib.suppress(Flawed):
            return parse_scalar(shape, text.strip(), place=Place.HEADER, name=name)
        return None
    return parse_scalar(shape, text.strip(), place=Place.HEADER, name=name)


def _parse_body(located: Located, shape: StructureShape, body: bytes) -> dict[str, Any]:
    service = located.operation.service_model
    reader = XmlReader(located.service, xml_namespace(service) or "")
    payload = shape.serialization.get("payload")
    if payload is None:
        members = {name: member for name, member in shape.members.items() if _location(member) is None}
        required = set(members) & set(shape.required_members)
        if not members or (not body and not required):
            return {}
        root = element_name(shape, shape.name)
        return reader.structure(shape, reader.document(_present(body, root), root), members)
    member = shape.members[payload]
    if located.streams or (not body and payload not in shape.required_members):
        return {}
    root = element_name(member, member.name)
    if isinstance(member, StructureShape):
        return {payload: reader.structure(member, reader.document(_present(body, root), root))}
    return {payload: _raw_payload(member, _present(body, payload), payload)}


def _present(body: bytes, name: str) -> bytes:
    if not body:
        raise Flawed(Flaw(Kind.EMPTY, Place.BODY, name))
    return body


def _raw_payload(shape: Shape, body: bytes, name: str) -> str | bytes:
    if shape.type_name == "blob":
        return body
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Flawed(Flaw(Kind.ENCODING, Place.BODY, name)) from problem


def _query(request: HttpRequest) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(request.query, keep_blank_values=True, errors="strict"):
            values.setdefault(name, []).append(value)
    except UnicodeDecodeError as problem:
        raise Flawed(Flaw(Kind.ENCODING, Place.QUERY, "", request.query)) from problem
    return values


def _decoded(encoded: str, name: str) -> str:
    try:
        return unquote(encoded, errors="strict")
    except UnicodeDecodeError as problem:
        raise Flawed(Flaw(Kind.ENCODING, Place.URI, name, encoded)) from problem


def _location(shape: Shape) -> str | None:
    location = shape.serialization.get("location")
    return None if location is None else str(location)


# --- render ---------------------------------------------------------------------------------------


def render(operation: OperationModel, output: Output, request_id: str) -> HttpResponse:
    """The response; of a streamed payload only the headers."""
    service = operation.service_model.service_name
    headers = dict(request_id_headers(service, request_id))
    status = int(operation.http.get("responseCode", 200))
    shape = operation.output_shape
    body = b""
    if shape is not None:
        strangers = set(output.members) - set(shape.members)
        if strangers:
            raise ValueError(f"{shape.name} has no member {', '.join(sorted(strangers))}")
        for name, member in shape.members.items():
            value = output.members.get(name)
            if value is None:
                continue
            match _location(member):
                case "statusCode":
                    status = int(value)
                case "header":
                    headers[element_name(member, name)] = _header_text(member, value)
                case "headers":
                    prefix = element_name(member, name)
                    headers |= {prefix + key: text for key, text in value.items()}
        body = _render_body(operation, shape, output.members)
    if body:
        headers["Content-Type"] = "application/xml" if service == "s3" else "text/xml"
    headers |= output.headers
    return HttpResponse(output.status or status, checked_headers(headers), body)


def _header_text(shape: Shape, value: Any) -> str:
    if isinstance(shape, ListShape):
        return ",".join(render_scalar(shape.member, item, HEADER_TIME) for item in value)
    return render_scalar(shape, value, HEADER_TIME)


def _render_body(operation: OperationModel, shape: StructureShape, values: Mapping[str, Any]) -> bytes:
    payload = shape.serialization.get("payload")
    if payload is not None:
        member = shape.members[payload]
        if operation.has_streaming_output or values.get(payload) is None:
            return b""
        if not isinstance(member, StructureShape):
            raw = values[payload]
            return raw if isinstance(raw, bytes) else str(raw).encode("utf-8")
        return _document(operation, element_name(member, member.name), member, values[payload])
    members = {name for name, member in shape.members.items() if _location(member) is None}
    if not members:
        return b""
    inside = {name: value for name, value in values.items() if name in members}
    return _document(operation, _root_name(operation), shape, inside)


def _document(
    operation: OperationModel, root: str, shape: StructureShape, values: Mapping[str, Any]
) -> bytes:
    writer = XmlWriter()
    namespace = xml_namespace(operation.service_model)
    writer.open(root, {"xmlns": namespace} if namespace else {})
    if operation.name in _BARE:
        (name,) = shape.members
        writer.text(str(values.get(name) or ""))
    else:
        writer.members(shape, values)
    writer.close(root)
    return writer.document()


def _root_name(operation: OperationModel) -> str:
    if operation.service_model.service_name == "s3":
        return S3_ROOTS.get(operation.name, operation.name + "Result")
    return operation.name + "Response"


_BARE: Final = frozenset({"GetBucketLocation"})
"""Whose root element holds the one member's text: `<LocationConstraint>eu-west-1</LocationConstraint>`."""

S3_ROOTS: Final[Mapping[str, str]] = {
    # The models do not say and SDKs made from them do not look, but the API reference and Java's old SDK do.
    "ListBuckets": "ListAllMyBucketsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListObjectVersions": "ListVersionsResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy",
    "GetObjectAttributes": "GetObjectAttributesResponse",
    "GetObjectTagging": "Tagging",
}


def request_id_headers(service: str, request_id: str) -> Mapping[str, str]:
    """The header by which a caller can name the request to us."""
    if service == "s3":
        return {"x-amz-request-id": request_id, "x-amz-id-2": request_id}
    return {"x-amzn-requestid": request_id}


def checked_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """The same headers. Raises AwsError for a value with control characters: it would end its header."""
    for name, value in headers.items():
        if any((character < " " and character != "\t") or character == "\x7f" for character in value):
            raise AwsError(
                "InvalidArgument", f"The header {name} cannot hold control characters.", status=400
            )
    return headers


SPELLING: Final = Spelling(parse=parse, render=render, render_error=render_error)
