"""The operations of a REST service, indexed by what the model's `requestUri` templates demand.

A request belongs to the operation whose template fits its path, whose method is its method, and of whose
demands (`?website`, `?uploadId`, `x-amz-copy-source`) it meets the most.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import parse_qsl

from botocore.model import OperationModel

from stillup.wire.aws.identifiers import ID_SHAPES
from stillup.wire.aws.models import service_model


@dataclass(frozen=True, slots=True)
class Route:
    """One operation's demands on a request."""

    operation: OperationModel
    method: str
    path: str
    """A pattern whose groups are the labels; equal for all operations of one template."""
    literals: int
    """How many segments of the template are no labels."""
    subresources: Mapping[str, str]
    """Query parameters of the template; an empty value demands only the name."""
    required_query: frozenset[str]
    required_headers: frozenset[str]

    def asks_for(self, query: Mapping[str, str]) -> bool:
        """Whether the query string has the template's own parameters."""
        return all(name in query and value in ("", query[name]) for name, value in self.subresources.items())

    def lacks(self, query: Collection[str], headers: Collection[str]) -> int:
        """How many required members are missing from query string and headers."""
        return len(self.required_query - set(query)) + len(self.required_headers - set(headers))

    @property
    def demands(self) -> int:
        """How much it wants beyond path and method."""
        return len(self.required_query) + len(self.required_headers)


def find_route(
    service: str, *, method: str, path: str, query: Mapping[str, str], headers: Collection[str]
) -> tuple[Route, Mapping[str, str]] | None:
    """The operation and its labels, still percent-encoded; None if no operation is so called.

    `x-id`, which some SDKs send with the operation's name, decides between operations that differ in nothing
    else. A subresource that other operations of the path know but this method does not is no match:
    `DELETE /bucket?location` must not delete the bucket.
    """
    fitting = [
        (route, found.groupdict())
        for pattern, alternatives in routes(service).items()
        if (found := pattern.fullmatch(path)) is not None
        for route in alternatives
    ]
    if not fitting:
        return None
    most = max(route.literals for route, _ in fitting)
    fitting = [(route, labels) for route, labels in fitting if route.literals == most]
    known = {name for route, _ in fitting for name, value in route.subresources.items() if not value}
    asked = known & set(query)
    candidates = [
        (route, labels)
        for route, labels in fitting
        if route.method == method and route.asks_for(query) and asked <= set(route.subresources)
    ]
    if not candidates:
        return None
    named = query.get("x-id")
    return max(
        candidates,
        key=lambda candidate: (
            len(candidate[0].subresources),
            -candidate[0].lacks(query, headers),
            candidate[0].demands,
            candidate[0].operation.name == named,
        ),
    )


def knows_path(service: str, path: str) -> bool:
    """Whether any operation, whatever its method, has such a path."""
    return any(pattern.fullmatch(path) for pattern in routes(service))


@cache
def routes(service: str) -> Mapping[re.Pattern[str], Sequence[Route]]:
    """All operations of a REST service by path, without those that a newer one of the same address replaces."""
    model = service_model(service)
    found: dict[re.Pattern[str], list[Route]] = {}
    for name in model.operation_names:
        if name not in _SUPERSEDED:
            route = _route(model.operation_model(name))
            found.setdefault(re.compile(route.path, re.DOTALL), []).append(route)
    return found


_SUPERSEDED: Final = frozenset(
    {
        # Same request as their …Configuration successors, with an older document.
        "GetBucketLifecycle",
        "PutBucketLifecycle",
        "GetBucketNotification",
        "PutBucketNotification",
        # Lives on another endpoint (s3express-control), at the address of ListBuckets.
        "ListDirectoryBuckets",
    }
)


def _route(operation: OperationModel) -> Route:
    template, _, query = str(operation.http["requestUri"]).partition("?")
    members = operation.input_shape.members if operation.input_shape else {}
    required = operation.input_shape.required_members if operation.input_shape else []

    def demanded(location: str) -> frozenset[str]:
        return frozenset(
            str(members[name].serialization.get("name", name))
            for name in required
            if members[name].serialization.get("location") == location
        )

    segments = [segment for segment in template.split("/") if segment]
    return Route(
        operation=operation,
        method=str(operation.http["method"]),
        path=_path_pattern(operation, segments),
        literals=sum(not segment.startswith("{") for segment in segments),
        subresources=dict(parse_qsl(query, keep_blank_values=True)),
        required_query=demanded("querystring"),
        required_headers=frozenset(name.lower() for name in demanded("header")),
    )


def _path_pattern(operation: OperationModel, segments: Sequence[str]) -> str:
    """The template as a pattern; a final slash is optional, except that a greedy label keeps it."""
    return "".join(_segment_pattern(operation, segment) for segment in segments) + "/?"


def _segment_pattern(operation: OperationModel, segment: str) -> str:
    if not segment.startswith("{"):
        return "/" + re.escape(segment)
    label = segment.strip("{}").removesuffix("+")
    if segment.endswith("+}"):
        return f"/(?P<{label}>.+)"
    shape = _label_shape(operation, label)
    # Route 53 takes `/hostedzone/Z1` where it wants `Z1` (HZ-4), so the label may bring slashes of its own.
    prefix = r"(?:/?(?:hostedzone|change|healthcheck|delegationset)/)?" if shape in ID_SHAPES else ""
    return f"/(?P<{label}>{prefix}[^/]+)"


def _label_shape(operation: OperationModel, label: str) -> str:
    members = operation.input_shape.members if operation.input_shape else {}
    return next(
        (
            shape.name
            for name, shape in members.items()
            if shape.serialization.get("location") == "uri" and shape.serialization.get("name", name) == label
        ),
        "",
    )
