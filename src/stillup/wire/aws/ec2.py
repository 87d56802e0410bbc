"""The ec2 protocol: query's cousin with capitals in the request and `item`s in the response."""

from __future__ import annotations

from typing import Any, Final

from botocore.model import OperationModel, Shape

from stillup.wire.aws.form import Dialect, form_tree, read_form
from stillup.wire.aws.locate import Located
from stillup.wire.aws.messages import HttpRequest, HttpResponse, Output
from stillup.wire.aws.models import xml_namespace
from stillup.wire.aws.scope import form_fields
from stillup.wire.aws.spelling import Failure, Spelling
from stillup.wire.aws.xml_write import XmlWriter

_ENVELOPE: Final = frozenset(
    {"Action", "Version", "AWSAccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp"}
)


def parse(located: Located, request: HttpRequest, body: bytes) -> dict[str, Any]:
    """The members of the operation's input; EC2 refuses fields that it does not know. Raises Flawed."""
    shape = located.operation.input_shape
    if shape is None:
        return {}
    fields = {
        name: value
        for name, value in form_fields(request, body).items()
        if name not in _ENVELOPE and not name.startswith("X-Amz-")
    }
    return read_form(DIALECT, shape, form_tree(fields))


def render(operation: OperationModel, output: Output, request_id: str) -> HttpResponse:
    """The members beside the request's id in `<NameResponse>`."""
    writer = XmlWriter()
    root = operation.name + "Response"
    namespace = xml_namespace(operation.service_model)
    writer.open(root, {"xmlns": namespace} if namespace else {})
    writer.leaf("requestId", request_id)
    if operation.output_shape is not None:
        writer.members(operation.output_shape, output.members)
    writer.close(root)
    headers = {"x-amzn-requestid": request_id, "Content-Type": "text/xml;charset=UTF-8"}
    return HttpResponse(output.status or 200, headers | dict(output.headers), writer.document())


def render_error(failure: Failure) -> HttpResponse:
    """`<Response><Errors>`, as only EC2 says it."""
    writer = XmlWriter()
    for tag in ("Response", "Errors", "Error"):
        writer.open(tag)
    writer.leaf("Code", failure.error.code)
    writer.leaf("Message", failure.error.message)
    writer.close("Error")
    writer.close("Errors")
    writer.leaf("RequestID", failure.request_id)
    writer.close("Response")
    headers = {"x-amzn-requestid": failure.request_id, "Content-Type": "text/xml;charset=UTF-8"}
    return HttpResponse(failure.status, headers, writer.document())


def _member_name(name: str, shape: Shape) -> str:
    """`queryName` as it is, else the response's name with a capital."""
    if "queryName" in shape.serialization:
        return str(shape.serialization["queryName"])
    wire_name = str(shape.serialization.get("name", name))
    return wire_name[:1].upper() + wire_name[1:]


DIALECT: Final = Dialect(
    member_name=_member_name,
    list_wrapper=lambda _shape: None,
    refuses_strangers=True,
)
SPELLING: Final = Spelling(parse=parse, render=render, render_error=render_error)
