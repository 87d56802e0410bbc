"""Holds responses against botocore's model of them, more strictly than botocore does itself.

botocore reads leniently: an unknown element is skipped, a boolean that is not `true` is False, a missing member is
just not there. Here the octets are looked at too.

    client = checked_client("route53", endpoint_url=...)     # raises AssertionError from any call that does not fit
    assert_fits("route53", "GetChange", response)            # the same for a parsed response alone
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

import boto3
from botocore.config import Config
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape
from defusedxml.ElementTree import fromstring

PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (float,),
    "double": (float,),
    "boolean": (bool,),
    "timestamp": (datetime,),
}
XML_TYPES: Mapping[str, str] = {
    "integer": r"-?[0-9]+",
    "long": r"-?[0-9]+",
    "boolean": r"true|false",
    "timestamp": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z",
}
# Bodies that are no document of the output's own structure: the bare LocationConstraint.
BARE = {"GetBucketLocation"}


def checked_client(service: str, **options: Any) -> Any:
    """A boto3 client that raises AssertionError for a response that does not fit its model.

    Never retries, unless `config` says otherwise. Credentials and Region have defaults that any subject takes.
    """
    defaults: dict[str, Any] = {
        "region_name": "us-east-1",
        "aws_access_key_id": "AKIDEXAMPLE",
        "aws_secret_access_key": "secret",
        "config": Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    }
    client = boto3.client(service, **(defaults | options))  # type: ignore[call-overload]
    return checked(client)


def checked(client: Any) -> Any:
    """The same client, from now on checking every response."""
    client.meta.events.register("before-parse", _check_raw)
    client.meta.events.register("after-call", _check_parsed)
    return client


def assert_fits(service: str, operation: str, response: Mapping[str, Any]) -> None:
    """The parsed response has what the model requires, of the types and enums that it names."""
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    flaws = list(parsed_flaws(model.operation_model(operation), response))
    assert not flaws, f"{service} {operation}: " + "; ".join(flaws)


def _check_raw(operation_model: OperationModel, response_dict: Mapping[str, Any], **_: Any) -> None:
    flaws = list(raw_flaws(operation_model, response_dict))
    assert not flaws, f"{operation_model.name}: " + "; ".join(flaws)


def _check_parsed(http_response: Any, parsed: Mapping[str, Any], model: OperationModel, **_: Any) -> None:
    if http_response.status_code < 300:
        flaws = list(parsed_flaws(model, parsed))
        assert not flaws, f"{model.name}: " + "; ".join(flaws)
    else:
        error = parsed.get("Error", {})
        assert error.get("Code"), f"{model.name}: an error without a code: {parsed}"
        assert parsed["ResponseMetadata"].get("RequestId"), f"{model.name}: an error without a request id"


def raw_flaws(operation: OperationModel, response: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the octets: status, elements without a place, scalars that are spelled wrong."""
    status, body = response["status_code"], response["body"]
    if status >= 300:
        return
    expected = operation.http.get("responseCode", 200)
    if status not in (expected, 204, 206) and operation.service_model.protocol == "rest-xml":
        yield f"status {status} where the model says {expected}"
    shape = operation.output_shape
    if shape is None or operation.has_streaming_output or operation.name in BARE or not body:
        return
    root: Element = fromstring(body)
    if operation.service_model.protocol == "query":
        wrapper = root.find(f"{{*}}{shape.serialization.get('resultWrapper', operation.name + 'Result')}")
        if wrapper is None:
            yield "no result element"
            return
        root = wrapper
    payload = shape.serialization.get("payload")
    if payload is None:
        yield from _structure_flaws(shape, root, operation.name, root_of=True)
    elif isinstance(shape.members[payload], StructureShape):
        yield from _structure_flaws(shape.members[payload], root, payload)


def _structure_flaws(
    shape: StructureShape, element: Element, path: str, *, root_of: bool = False
) -> Iterator[str]:
    members = {
        _tag_of(name, member): member
        for name, member in shape.members.items()
        if member.serialization.get("location") is None and not member.serialization.get("xmlAttribute")
    }
    ignored = {"requestId"} if root_of else set()
    for child in element:
        tag = str(child.tag).rpartition("}")[2]
        if tag in members:
            yield from _member_flaws(members[tag], child, f"{path}.{tag}")
        elif tag not in ignored:
            yield f"{path} has no member {tag}"


def _member_flaws(shape: Shape, element: Element, path: str) -> Iterator[str]:
    match shape:
        case StructureShape():
            yield from _structure_flaws(shape, element, path)
        case ListShape() if shape.serialization.get("flattened"):
            yield from _member_flaws(shape.member, element, path)
        case ListShape():
            tag = str(shape.member.serialization.get("name", "member"))
            for child in element:
                if str(child.tag).rpartition("}")[2] != tag:
                    yield f"{path} is a list of {tag}, not of {child.tag}"
                yield from _member_flaws(shape.member, child, f"{path}.{tag}")
        case MapShape():
            return
        case _:
            text = element.text or ""
            if not re.fullmatch(XML_TYPES.get(shape.type_name, ".*"), text, re.DOTALL):
                yield f"{path} is no {shape.type_name}: {text!r}"


def _tag_of(name: str, shape: Shape) -> str:
    if isinstance(shape, ListShape) and shape.serialization.get("flattened"):
        return str(shape.member.serialization.get("name", shape.serialization.get("name", name)))
    return str(shape.serialization.get("name", name))


def parsed_flaws(operation: OperationModel, response: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the members: one that is required and missing, a wrong type, a value outside its enum."""
    shape = operation.output_shape
    known = {name: value for name, value in response.items() if name != "ResponseMetadata"}
    if shape is None:
        if known:
            yield f"members where there can be none: {', '.join(known)}"
        return
    skipped = {
        # Read by the caller, not by the parser.
        *([shape.serialization["payload"]] if operation.has_streaming_output else ()),
        # botocore's own additions for S3: the header's text beside its date.
        "ExpiresString",
    }
    yield from _value_flaws(shape, {n: v for n, v in known.items() if n not in skipped}, operation.name)


def _value_flaws(shape: Shape, value: Any, path: str) -> Iterator[str]:
    match shape:
        case StructureShape():
            if not isinstance(value, Mapping):
                yield f"{path} is no structure: {value!r}"
                return
            for name in shape.required_members:
                if name not in value:
                    yield f"{path} lacks {name}"
            for name, member in value.items():
                if name not in shape.members:
                    yield f"{path} has no member {name}"
                elif member is not None:  # GetBucketLocation's None is botocore's
                    yield from _value_flaws(shape.members[name], member, f"{path}.{name}")
        case ListShape():
            if not isinstance(value, list):
                yield f"{path} is no list: {value!r}"
                return
            for index, member in enumerate(value):
                yield from _value_flaws(shape.member, member, f"{path}[{index}]")
        case MapShape():
            for key, member in value.items():
                yield from _value_flaws(shape.value, member, f"{path}[{key}]")
        case _:
            types = PYTHON_TYPES.get(shape.type_name)
            if types is not None and (
                not isinstance(value, types) or (isinstance(value, bool) and bool not in types)
            ):
                yield f"{path} is no {shape.type_name}: {value!r}"
            elif "enum" in shape.metadata and value not in shape.metadata["enum"]:
                yield f"{path} is none of the enum: {value!r}"
