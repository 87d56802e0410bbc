"""botocore's service models, loaded once: the only place that knows where AWS's spelling comes from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

SERVICES: Final = ("route53", "s3", "ec2", "sts")
"""The services that are spoken, by the names that credential scopes use."""


@cache
def service_model(service: str) -> ServiceModel:
    """The model of one of SERVICES. The first call for a service reads it from disk (up to 0.1 s)."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@cache
def operation_model(service: str, operation: str) -> OperationModel:
    """The model of an operation. Raises OperationNotFoundError (ours: a name that no model has)."""
    return service_model(service).operation_model(operation)


@cache
def error_shapes(service: str) -> Mapping[str, StructureShape]:
    """The modelled errors of a service, by code."""
    return {
        str(shape.metadata.get("error", {}).get("code", shape.name)): shape
        for shape in service_model(service).error_shapes
        if isinstance(shape, StructureShape)
    }


@cache
def form_services() -> Mapping[str, str]:
    """The services whose operation is a form field (query and ec2), by the `Version` that callers send."""
    return {
        service_model(service).api_version: service
        for service in SERVICES
        if service_model(service).protocol in ("query", "ec2")
    }


def xml_namespace(model: ServiceModel) -> str | None:
    """The namespace of the service's documents.

    The query services name it in their metadata; Route 53 and S3 only at each request.
    """
    declared = model.metadata.get("xmlNamespace")
    if declared is not None:
        return str(declared)
    return _REST_NAMESPACES.get(model.service_name)


_REST_NAMESPACES: Final = {
    "route53": "https://route53.amazonaws.com/doc/2013-04-01/",
    "s3": "http://s3.amazonaws.com/doc/2006-03-01/",
}


def element_name(shape: Shape, default: str) -> str:
    """What a member is called on the wire."""
    return str(shape.serialization.get("name", default))


def is_flattened(shape: Shape) -> bool:
    """Whether a list's members stand directly in the parent, without an element of the list's own."""
    return bool(shape.serialization.get("flattened", False))
