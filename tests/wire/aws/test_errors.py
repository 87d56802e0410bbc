"""Errors as botocore reads them."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from botocore.exceptions import ClientError

from stillup.wire.aws.errors import internal_error, status_of
from stillup.wire.aws.interpret import render_error
from stillup.wire.aws.messages import AwsError, HttpRequest, HttpResponse
from tests.wire.aws.botocore_side import call

BATCH = {
    "HostedZoneId": "Z1",
    "ChangeBatch": {
        "Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "a.example", "Type": "A"}}]
    },
}


def failing(service: str, operation: str, params: dict[str, Any], error: AwsError) -> dict[str, Any]:
    def server(request: HttpRequest, body: bytes) -> HttpResponse:
        return render_error(service, error, request, "req-1")

    with pytest.raises(ClientError) as caught:
        call(service, operation, params, server)
    response: dict[str, Any] = caught.value.response
    assert response["ResponseMetadata"]["RequestId"] == "req-1"
    return response


def test_boto3_reads_code_message_and_reasons_of_an_invalid_change_batch() -> None:
    """2.7."""
    reasons = ["Tried to create a & b", "RRSet of type CNAME <x>"]
    error = AwsError("InvalidChangeBatch", f"[{', '.join(reasons)}]", members={"messages": reasons})
    response = failing("route53", "ChangeResourceRecordSets", BATCH, error)
    assert response["Error"]["Code"] == "InvalidChangeBatch"
    assert response["Error"]["Message"] == "[Tried to create a & b, RRSet of type CNAME <x>]"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_the_reasons_of_an_invalid_change_batch_are_where_the_go_sdk_looks() -> None:
    """It takes `Messages` in any case, inside `Error`, each reason a `Message`."""
    error = AwsError("InvalidChangeBatch", "[one, two]", members={"messages": ["one", "two"]})
    body = render_error("route53", error, HttpRequest("POST", "/", "", {}), "req-1").body
    (inner,) = ElementTree.fromstring(body).findall("{*}Error")
    assert [message.text for message in inner.findall("{*}messages/{*}Message")] == ["one", "two"]
    assert inner.findtext("{*}Code") == "InvalidChangeBatch"


def test_s3_errors_carry_the_resource_and_further_members() -> None:
    error = AwsError("NoSuchBucket", "The specified bucket does not exist", members={"BucketName": "bb"})
    response = failing("s3", "ListObjectsV2", {"Bucket": "bb"}, error)
    assert response["Error"] == {
        "Code": "NoSuchBucket",
        "Message": "The specified bucket does not exist",
        "BucketName": "bb",
        "Resource": "/bb",
    }
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_an_error_of_head_has_no_body_but_its_status() -> None:
    response = failing("s3", "HeadObject", {"Bucket": "bb", "Key": "k"}, AwsError("NoSuchKey", "gone"))
    assert response["Error"]["Code"] == "404"


@pytest.mark.parametrize(
    ("service", "operation"), [("ec2", "DescribeInstances"), ("sts", "GetCallerIdentity")]
)
def test_the_form_services_say_errors_their_own_way(service: str, operation: str) -> None:
    response = failing(service, operation, {}, AwsError("UnauthorizedOperation", "no"))
    assert response["Error"]["Code"] == "UnauthorizedOperation"
    assert response["Error"]["Message"] == "no"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("route53", "NoSuchHostedZone", 404),
        ("route53", "HealthCheckAlreadyExists", 409),
        ("route53", "InvalidChangeBatch", 400),
        ("route53", "TooManyHealthChecks", 400),
        ("route53", "HostedZoneNotEmpty", 400),
        ("s3", "NoSuchBucketPolicy", 404),
        ("s3", "NotImplemented", 501),
        ("s3", "PreconditionFailed", 412),
        ("s3", "InvalidRange", 416),
        ("ec2", "InvalidInstanceID.NotFound", 400),
        ("sts", "InvalidAction", 400),
    ],
)
def test_the_status_of_a_code_is_aws_s(service: str, code: str, status: int) -> None:
    assert status_of(service, AwsError(code, "")) == status


def test_our_own_fault_is_a_500() -> None:
    assert failing("s3", "ListBuckets", {}, internal_error())["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_a_service_that_is_not_served_says_so() -> None:
    error = AwsError("UnknownService", "The service dynamodb is not served here.", status=404)
    response = render_error("dynamodb", error, HttpRequest("POST", "/", "", {}), "req-1")
    assert response.status == 404
    assert b"<Code>UnknownService</Code>" in response.body
