"""botocore's service models, loaded once: the only place that knows where AWS's spelling comes from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

from stillup.wire.aws.sqs_forms import give_form_names

SERVICES: Final = ("route53", "s3", "ec2", "sts", "cloudwatch", "sns", "iam", "sqs")
"""The services that are spoken, by botocore's names."""

SIGNING_NAMES: Final[Mapping[str, str]] = {"cloudwatch": "monitoring"}
"""What credential scopes call a service, where that is not botocore's name."""

_LOADER: Final = Loader()
"""One for all: each looks through the folders of four hundred services before it loads its first model."""


@cache
def service_model(service: str) -> ServiceModel:
    """The model of one of SERVICES. The first call for a service reads it from disk (up to 0.1 s)."""
    raw = _LOADER.load_service_model(service, "service-2")
    if service == "sqs":
        give_form_names(raw)
    return ServiceModel(raw, service)


@cache
def operation_model(service: str, operation: str) -> OperationModel:
    """The model of an operation. Raises OperationNotFoundError (ours: a name that no model has)."""
    return service_model(service).operation_model(operation)


@cache
def error_shapes(service: str) -> Mapping[str, StructureShape]:
    """The modelled errors of a service, by code and by name; where two share a code, the one so named."""
    shapes = [shape for shape in service_model(service).error_shapes if isinstance(shape, StructureShape)]
    by_code = {str(shape.metadata.get("error", {}).get("code", shape.name)): shape for shape in shapes}
    return by_code | {shape.name: shape for shape in shapes}


@cache
def target_services() -> Mapping[str, str]:
    """The services that are called by the name of a Smithy service, by that name (`X-Amz-Target`, CBOR)."""
    prefixes = {service: service_model(service).metadata.get("targetPrefix") for service in SERVICES}
    return {str(prefix): service for service, prefix in prefixes.items() if prefix is not None}


def xml_namespace(model: ServiceModel) -> str | None:
    """The namespace of the service's documents.

    Most query services name it in their metadata, Route 53 and S3 only at each request, and SQS nowhere since
    its model speaks JSON.
    """
    declared = model.metadata.get("xmlNamespace")
    if declared is not None:
        return str(declared)
    return _NAMESPACES.get(model.service_name)


_NAMESPACES: Final = {
    "route53": "https://route53.amazonaws.com/doc/2013-04-01/",
    "s3": "http://s3.amazonaws.com/doc/2006-03-01/",
    "sqs": "http://queue.amazonaws.com/doc/2012-11-05/",
}


def element_name(shape: Shape, default: str) -> str:
    """What a member is called on the wire."""
    return str(shape.serialization.get("name", default))


def is_flattened(shape: Shape) -> bool:
    """Whether a list's members stand directly in the parent, without an element of the list's own."""
    return bool(shape.serialization.get("flattened", False))
