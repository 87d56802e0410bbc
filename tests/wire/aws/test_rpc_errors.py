"""Errors of the services that are spoken in more than one protocol, as botocore reads them (CW-12)."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.model import StructureShape

from stillup.wire.aws.interpret import render_error
from stillup.wire.aws.messages import AwsError, HttpRequest, HttpResponse
from stillup.wire.aws.models import service_model
from stillup.wire.aws.protocols import CBOR, JSON, QUERY
from tests.wire.aws.botocore_side import call, client
from tests.wire.aws.rpc import peer_model, read, written

ASKED = {
    "cloudwatch": ("DescribeAlarms", {}),
    "sqs": ("ListQueues", {}),
    "sns": ("ListTopics", {}),
    "iam": ("ListUsers", {}),
}


def failed(service: str, protocol: str, error: AwsError) -> tuple[int, Any]:
    operation, params = ASKED[service]
    model = peer_model(service, operation)
    request, _ = written(model, params, protocol)
    response = render_error(service, error, request, "req-1")
    parsed = read(model, response, protocol)
    assert parsed["ResponseMetadata"]["RequestId"] == "req-1"
    return response.status, parsed


@pytest.mark.parametrize("protocol", [JSON, CBOR, QUERY])
@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("ResourceNotFound", 404, "ResourceNotFound"),
        ("InvalidParameterValue", 400, "InvalidParameterValue"),
        ("InvalidParameterValueException", 400, "InvalidParameterValue"),
        ("ValidationError", 400, "ValidationError"),
        ("LimitExceeded", 400, "LimitExceeded"),
        ("AccessDenied", 403, "AccessDenied"),
        ("InternalError", 500, "InternalError"),
    ],
)
def test_a_caller_sees_the_query_code_whatever_protocol_it_speaks(
    protocol: str, code: str, status: int, said: str
) -> None:
    answered, parsed = failed("cloudwatch", protocol, AwsError(code, "no & <no>"))
    assert answered == status
    assert (parsed["Error"]["Code"], parsed["Error"]["Message"]) == (said, "no & <no>")
    assert parsed["Error"].get("Type", "Sender") == ("Receiver" if status == 500 else "Sender")


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        ("InvalidParameterValue", "InvalidParameterValueException"),
        ("ResourceNotFound", "ResourceNotFound"),
        ("AccessDenied", "AccessDeniedException"),
        ("InvalidAction", "UnknownOperationException"),
    ],
)
def test_who_does_not_ask_for_the_query_code_sees_the_shape(code: str, shape: str) -> None:
    request = HttpRequest("POST", "/", "", {"x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms"})
    response = render_error("cloudwatch", AwsError(code, "no"), request, "req-1")
    assert "x-amzn-query-error" not in response.headers
    assert read(peer_model("cloudwatch", "DescribeAlarms"), response, JSON)["Error"]["Code"] == shape


def modelled_errors() -> list[tuple[str, str, str]]:
    return [
        (service, protocol, shape.name)
        for service, protocol in [("cloudwatch", JSON), ("cloudwatch", CBOR), ("sqs", JSON), ("sns", QUERY)]
        for shape in service_model(service).error_shapes
    ]


@pytest.mark.parametrize(("service", "protocol", "name"), modelled_errors())
def test_every_modelled_error_reaches_the_caller_with_its_members(
    service: str, protocol: str, name: str
) -> None:
    shape = service_model(service).shape_for(name)
    assert isinstance(shape, StructureShape)
    sayable = {
        member: "said"
        for member, kind in shape.members.items()
        if kind.type_name == "string" and member.lower() != "message"
    }
    _, parsed = failed(service, protocol, AwsError(name, "no", members=sayable))
    assert {member: parsed[member] for member in sayable} == sayable
    exceptions = client(service).exceptions
    said = parsed["Error"].get("QueryErrorCode", parsed["Error"]["Code"])
    assert issubclass(exceptions.from_code(said), exceptions.ClientError)
    assert parsed["Error"]["Message"] == "no"


def test_boto3_raises_the_class_that_it_always_raised() -> None:
    """CW-12: code written for the query protocol goes on working."""

    def server(request: HttpRequest, _: bytes) -> HttpResponse:
        return render_error("cloudwatch", AwsError("ResourceNotFound", "no alarm"), request, "req-1")

    exceptions = client("cloudwatch").exceptions
    with pytest.raises(exceptions.ResourceNotFound) as caught:
        call(
            "cloudwatch", "SetAlarmState", {"AlarmName": "a", "StateValue": "OK", "StateReason": "r"}, server
        )
    assert caught.value.response["Error"]["Code"] == "ResourceNotFound"


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
        ("AWS.SimpleQueueService.NonExistentQueue", "AWS.SimpleQueueService.NonExistentQueue"),
        ("QueueNameExists", "QueueAlreadyExists"),
    ],
)
def test_the_old_codes_of_sqs_are_kept(raised: str, said: str) -> None:
    _, parsed = failed("sqs", JSON, AwsError(raised, "no"))
    assert parsed["Error"]["Code"] == said
    assert failed("sqs", QUERY, AwsError(raised, "no"))[1]["Error"]["Code"] == said


@pytest.mark.parametrize("protocol", [JSON, CBOR])
def test_a_service_that_is_not_served_says_so_in_the_protocol_it_was_asked_in(protocol: str) -> None:
    request, _ = written(peer_model("cloudwatch", "DescribeAlarms"), {}, protocol)
    error = AwsError("UnknownService", "The service dynamodb is not served here.", status=404)
    response = render_error("dynamodb", error, request, "req-1")
    assert response.status == 404
    assert response.headers["Content-Type"] in ("application/x-amz-json-1.0", "application/cbor")
