"""HTTP messages as values, and the one exception that an AWS operation may raise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """The head of a request. Header names are lower-case; path and query are as they came, undecoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A whole response, but for a streamed body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class AwsError(Exception):
    """The caller's mistake, or ours, in AWS's own words: a code that the service's model or AWS knows.

    `status` is needed only where neither the model nor wire/aws/errors.py knows it. `members` are the further
    members of the error's shape, e.g. `{"messages": [...]}` for InvalidChangeBatch.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int | None = None,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.members = members or {}
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class Output:
    """What an operation answers: members of the model's output shape.

    A streamed payload is not among them; the listener takes it from the reply (engine/api/call.py).
    `status` overrides the model's, as for 206 Partial Content.
    """

    members: Mapping[str, Any] = field(default_factory=dict)
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
