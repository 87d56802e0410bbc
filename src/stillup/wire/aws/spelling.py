"""What one protocol can do: the entries of the protocol table (interpret.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.model import OperationModel

from stillup.wire.aws.locate import Located
from stillup.wire.aws.messages import AwsError, HttpRequest, HttpResponse, Output


@dataclass(frozen=True, slots=True)
class Failure:
    """An error with all that its rendering may tell: where it happened, and its HTTP status."""

    service: str
    error: AwsError
    status: int
    resource: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """A protocol as three functions. `parse` raises Flawed, `render` AwsError for what HTTP cannot carry."""

    parse: Callable[[Located, HttpRequest, bytes], dict[str, Any]]
    render: Callable[[OperationModel, Output, str], HttpResponse]
    render_error: Callable[[Failure], HttpResponse]
