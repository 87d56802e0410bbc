"""What one protocol can do: the entries of the protocol table (interpret.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.model import OperationModel

from stillup.wire.aws.document import Leaf, write_members
from stillup.wire.aws.error_names import error_name
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
    query_mode: bool = False
    """Whether the caller wants to know the error's code in the query protocol (CW-12)."""

    @property
    def fault(self) -> str:
        """Whose fault it is, as AWS says it."""
        return "Sender" if self.status < 500 else "Receiver"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A protocol as three functions. `parse` raises Flawed, `render` AwsError for what HTTP cannot carry."""

    parse: Callable[[Located, HttpRequest, bytes], dict[str, Any]]
    render: Callable[[OperationModel, Output, str], HttpResponse]
    render_error: Callable[[Failure], HttpResponse]


def error_document(failure: Failure, leaf: Leaf) -> dict[str, Any]:
    """An error as JSON and CBOR hold it: `__type`, its shape's absolute id, the message and the members."""
    name = error_name(failure.service, failure.error.code)
    namespace = f"com.amazonaws.{failure.service}" if name.shape is not None else "com.amazon.coral.service"
    document = {"__type": f"{namespace}#{name.rpc}", name.message_member: failure.error.message}
    return (
        document
        if name.shape is None
        else document | write_members(name.shape, name.members(failure.error), leaf)
    )


def query_error_headers(failure: Failure) -> dict[str, str]:
    """The header that keeps a query service's error codes alive, if the caller asked for it."""
    if not failure.query_mode:
        return {}
    return {"x-amzn-query-error": f"{error_name(failure.service, failure.error.code).query};{failure.fault}"}
