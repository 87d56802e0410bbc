"""The errors of the rest-xml services: S3's bare `<Error>`, and `<ErrorResponse>` of Route 53.

Route 53 has been seen to send InvalidChangeBatch in two forms (2.7). This one, `<ErrorResponse>` with the
joined reasons in `<Message>` and each of them in `<messages>`, is read by every SDK: boto3 and the Go SDK get
code, message and list. From the other, `<InvalidChangeBatch><Messages>`, boto3 gets neither code nor message,
and Go a message that is always "ChangeBatch errors occurred".
"""

from __future__ import annotations

from stillup.wire.aws.messages import HttpResponse
from stillup.wire.aws.models import error_shapes, service_model, xml_namespace
from stillup.wire.aws.spelling import Failure
from stillup.wire.aws.xml_write import XmlWriter


def render_error(failure: Failure) -> HttpResponse:
    """The error document of Route 53 or S3."""
    if failure.service == "s3":
        return _s3_error(failure)
    return _route53_error(failure)


def _s3_error(failure: Failure) -> HttpResponse:
    error = failure.error
    writer = XmlWriter()
    writer.open("Error")
    writer.leaf("Code", error.code)
    writer.leaf("Message", error.message)
    for name, value in error.members.items():
        writer.leaf(name, str(value))
    writer.leaf("Resource", failure.resource)
    writer.leaf("RequestId", failure.request_id)
    writer.leaf("HostId", failure.request_id)
    writer.close("Error")
    headers = {
        "x-amz-request-id": failure.request_id,
        "x-amz-id-2": failure.request_id,
        "Content-Type": "application/xml",
    }
    return HttpResponse(failure.status, headers, writer.document())


def _route53_error(failure: Failure) -> HttpResponse:
    error = failure.error
    model = service_model(failure.service)
    writer = XmlWriter()
    writer.open("ErrorResponse", {"xmlns": xml_namespace(model) or ""})
    writer.open("Error")
    writer.leaf("Type", failure.fault)
    writer.leaf("Code", error.code)
    writer.leaf("Message", error.message)
    shape = error_shapes(failure.service).get(error.code)
    if shape is not None:
        known = {name: value for name, value in error.members.items() if name in shape.members}
        writer.members(shape, known)
    writer.close("Error")
    writer.leaf("RequestId", failure.request_id)
    writer.close("ErrorResponse")
    headers = {"x-amzn-requestid": failure.request_id, "Content-Type": "text/xml"}
    return HttpResponse(failure.status, headers, writer.document())
