"""One operation in every protocol that its service speaks: botocore writes, we parse, we render, it reads."""

from __future__ import annotations

from random import Random

import pytest

from stillup.wire.aws.interpret import parse, render
from stillup.wire.aws.locate import locate
from stillup.wire.aws.messages import Output
from stillup.wire.aws.models import SIGNING_NAMES, service_model
from stillup.wire.aws.protocols import CBOR, JSON, QUERY
from tests.wire.aws.rpc import peer_model, read, written
from tests.wire.aws.samples import DEPTH, structure

CASES = [
    *(("cloudwatch", protocol) for protocol in (JSON, CBOR, QUERY)),
    ("sqs", JSON),
    ("sns", QUERY),
    ("iam", QUERY),
]


def operations() -> list[tuple[str, str, str]]:
    return [
        (service, protocol, name)
        for service, protocol in CASES
        for name in service_model(service).operation_names
    ]


@pytest.mark.parametrize(("service", "protocol", "operation"), operations())
def test_every_operation_survives_the_wire_both_ways(service: str, protocol: str, operation: str) -> None:
    model = peer_model(service, operation)
    signing_names = ["", SIGNING_NAMES.get(service, service)]
    for seed, signing_name in enumerate(signing_names):
        random = Random(seed)
        params = structure(random, model.input_shape) if model.input_shape else {}
        request, body = written(model, params, protocol, signing_name)
        located = locate(request, body)
        assert (located.service, located.protocol, located.operation.name) == (service, protocol, operation)
        assert located.region == ("eu-central-1" if signing_name else "us-east-1")
        assert parse(located, request, body) == params
        members = structure(random, model.output_shape, depth=DEPTH) if model.output_shape else {}
        response = render(located, Output(members), "req-1")
        assert read(model, response, protocol) == members
