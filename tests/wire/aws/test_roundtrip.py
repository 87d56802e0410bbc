"""botocore writes and we parse; we render and botocore reads: every operation of every service."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from stillup.wire.aws.interpret import parse, render
from stillup.wire.aws.locate import Located, locate
from stillup.wire.aws.messages import HttpRequest, HttpResponse, Output
from stillup.wire.aws.models import operation_model, service_model
from tests.wire.aws.botocore_side import call
from tests.wire.aws.samples import sample, structure

# Not spoken over one request and one response, or not at an endpoint of ours.
ELSEWHERE = {
    "SelectObjectContent",
    "WriteGetObjectResponse",
    "ListDirectoryBuckets",
    "CreateSession",
    "GetBucketLifecycle",
    "PutBucketLifecycle",
    "GetBucketNotification",
    "PutBucketNotification",
}
EC2 = ("DescribeAddresses", "DescribeInstanceStatus", "DescribeInstances", "StartInstances", "StopInstances")
OPERATIONS = [
    *(("route53", name) for name in service_model("route53").operation_names),
    *(("s3", name) for name in service_model("s3").operation_names if name not in ELSEWHERE),
    *(("ec2", name) for name in EC2),
    *(("sts", name) for name in service_model("sts").operation_names if name not in ("AssumeRoleWithSAML",)),
]
# botocore computes, replaces or removes these itself.
CLIENT_OWN = frozenset(
    {
        "Body",
        "ContentMD5",
        "ContentLength",
        "ContentEncoding",
        "ChecksumAlgorithm",
        "ChecksumMode",
        "ChecksumType",
        "EncodingType",
        "CopySourceSSECustomerKey",
        "CopySourceSSECustomerKeyMD5",
        "SSECustomerKey",
        "SSECustomerKeyMD5",
        "SSECustomerAlgorithm",
        "CopySourceSSECustomerAlgorithm",
        "Expires",
        "Metadata",
    }
)
SAMPLES = 4


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_we_parse_what_botocore_writes(service: str, operation: str) -> None:
    shape = operation_model(service, operation).input_shape
    skip = CLIENT_OWN | {name for name in (shape.members if shape else {}) if name.startswith("Checksum")}
    for seed in range(SAMPLES):
        params = structure(Random(seed), shape, skip=frozenset(skip)) if shape else {}
        if "Bucket" in params:
            params["Bucket"] = "some-bucket"
        seen: list[tuple[Located, Any]] = []

        def server(request: HttpRequest, body: bytes) -> HttpResponse:
            located = locate(request, body)
            seen.append((located, parse(located, request, body)))  # noqa: B023
            return render(located, Output(), "req-1")

        call(service, operation, params, server)
        ((located, parsed),) = seen
        assert (located.service, located.operation.name) == (service, operation)
        sent = {name: value for name, value in params.items() if name != "AnnotationPayload"}
        assert {name: parsed[name] for name in sent if name in parsed} == sent
        assert set(parsed) - set(params) <= CLIENT_OWN | {n for n in parsed if n.startswith("Checksum")}


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_botocore_reads_what_we_render(service: str, operation: str) -> None:
    model = operation_model(service, operation)
    skip = frozenset({"Body", "Expires", "AnnotationPayload", "EncodingType"})
    for seed in range(SAMPLES):
        random = Random(seed)
        members = structure(random, model.output_shape, skip=skip) if model.output_shape else {}
        params = required_only(random, model.input_shape) if model.input_shape else {}

        def server(request: HttpRequest, body: bytes) -> HttpResponse:
            return render(locate(request, body), Output(members), "req-1")  # noqa: B023

        response = call(service, operation, params, server)
        assert response.pop("ResponseMetadata")["RequestId"] == "req-1"
        for streamed in ("Body", "AnnotationPayload"):
            response.pop(streamed, None)
        if not members.get("Metadata"):
            response.pop("Metadata", None)
        assert response == members


def required_only(random: Random, shape: Any) -> dict[str, Any]:
    params = {name: sample(random, shape.members[name]) for name in shape.required_members}
    return params | ({"Bucket": "some-bucket"} if "Bucket" in params else {})
