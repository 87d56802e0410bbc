"""The query protocol (STS, IAM, SNS; CloudWatch's and SQS's first): a form in, a wrapped XML result out."""

from __future__ import annotations

from typing import Any, Final

from botocore.model import ListShape, OperationModel, Shape

from stillup.wire.aws.error_names import error_name
from stillup.wire.aws.form import Dialect, form_tree, read_form
from stillup.wire.aws.locate import Located
from stillup.wire.aws.messages import HttpRequest, HttpResponse, Output
from stillup.wire.aws.models import element_name, is_flattened, service_model, xml_namespace
from stillup.wire.aws.scope import form_fields
from stillup.wire.aws.spelling import Failure, Spelling
from stillup.wire.aws.xml_write import XmlWriter


def parse(located: Located, request: HttpRequest, body: bytes) -> dict[str, Any]:
    """The members of the operation's input. Raises Flawed."""
    shape = located.operation.input_shape
    if shape is None:
        return {}
    return read_form(DIALECT, shape, form_tree(form_fields(request, body)))


def render(operation: OperationModel, output: Output, request_id: str) -> HttpResponse:
    """The result inside `<NameResponse>`, beside the request's id."""
    writer = XmlWriter()
    root = operation.name + "Response"
    namespace = xml_namespace(operation.service_model)
    writer.open(root, {"xmlns": namespace} if namespace else {})
    shape = operation.output_shape
    if shape is not None:
        wrapper = str(shape.serialization.get("resultWrapper", operation.name + "Result"))
        writer.open(wrapper)
        writer.members(shape, output.members)
        writer.close(wrapper)
    writer.open("ResponseMetadata")
    writer.leaf("RequestId", request_id)
    writer.close("ResponseMetadata")
    writer.close(root)
    headers = {"x-amzn-RequestId": request_id, "Content-Type": "text/xml"}
    return HttpResponse(output.status or 200, headers | dict(output.headers), writer.document())


def render_error(failure: Failure) -> HttpResponse:
    """`<ErrorResponse>`, as the query services say it."""
    name = error_name(failure.service, failure.error.code)
    writer = XmlWriter()
    writer.open("ErrorResponse", {"xmlns": xml_namespace(service_model(failure.service)) or ""})
    writer.open("Error")
    writer.leaf("Type", failure.fault)
    writer.leaf("Code", name.query)
    writer.leaf("Message", failure.error.message)
    if name.shape is not None:
        writer.members(name.shape, name.members(failure.error))
    writer.close("Error")
    writer.leaf("RequestId", failure.request_id)
    writer.close("ErrorResponse")
    headers = {"x-amzn-RequestId": failure.request_id, "Content-Type": "text/xml"}
    return HttpResponse(failure.status, headers, writer.document())


def _member_name(name: str, shape: Shape) -> str:
    """A flattened list goes by the name of its members, if the model gives them one."""
    if isinstance(shape, ListShape) and is_flattened(shape) and "name" in shape.member.serialization:
        return str(shape.member.serialization["name"])
    return element_name(shape, name)


def _list_wrapper(shape: ListShape) -> str | None:
    return None if is_flattened(shape) else element_name(shape.member, "member")


DIALECT: Final = Dialect(member_name=_member_name, list_wrapper=_list_wrapper, refuses_strangers=False)
SPELLING: Final = Spelling(parse=parse, render=render, render_error=render_error)
