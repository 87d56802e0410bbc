"""One error, two names: the query protocol's code and the shape's name that JSON and CBOR write.

    query                   JSON, CBOR                  says it
    ResourceNotFound        ResourceNotFound            the model
    ValidationError         ValidationException         the model (`error.code`)
    InvalidAction           UnknownOperationException   every service

A service that spoke query first repeats the query code in `x-amzn-query-error` to those who send
`x-amzn-query-mode`, so that their code need not change (CW-12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from botocore.model import StructureShape

from stillup.wire.aws.messages import AwsError
from stillup.wire.aws.models import error_shapes


@dataclass(frozen=True, slots=True)
class ErrorName:
    """What an error is called. `shape` is None for an error that the service's model does not have."""

    query: str
    rpc: str
    shape: StructureShape | None

    def members(self, error: AwsError) -> dict[str, Any]:
        """The members of the error that its shape has, but for the message."""
        if self.shape is None:
            return {}
        return {name: value for name, value in error.members.items() if name in self.shape.members}

    @property
    def message_member(self) -> str:
        """The shape's spelling of `message`."""
        return "Message" if self.shape is not None and "Message" in self.shape.members else "message"


def error_name(service: str, code: str) -> ErrorName:
    """The names of an error that an operation raised by its code or by the name of its shape."""
    shape = error_shapes(service).get(code)
    if shape is not None:
        modelled = str(shape.metadata.get("error", {}).get("code", shape.name))
        query = _SQS_CODES.get(shape.name, modelled) if service == "sqs" else modelled
        return ErrorName(query=query, rpc=shape.name, shape=shape)
    if service == "sqs" and code in _SQS_SHAPES:
        return error_name(service, _SQS_SHAPES[code])
    return ErrorName(query=code, rpc=_COMMON.get(code, code), shape=None)


_COMMON: Final[Mapping[str, str]] = {
    # The errors that every service has.
    "AccessDenied": "AccessDeniedException",
    "ExpiredToken": "ExpiredTokenException",
    "IncompleteSignature": "IncompleteSignatureException",
    "InvalidAction": "UnknownOperationException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "OptInRequired": "OptInRequiredException",
    "RequestExpired": "RequestExpiredException",
    "ServiceUnavailable": "ServiceUnavailableException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
    "Throttling": "ThrottlingException",
    "ValidationError": "ValidationException",
}

_SQS_PREFIX: Final = "AWS.SimpleQueueService."
_SQS_CODES: Final[Mapping[str, str]] = {
    # SQS's model lost its codes when it went from query to JSON; these are the ones of its old reference.
    "BatchEntryIdsNotDistinct": _SQS_PREFIX + "BatchEntryIdsNotDistinct",
    "BatchRequestTooLong": _SQS_PREFIX + "BatchRequestTooLong",
    "EmptyBatchRequest": _SQS_PREFIX + "EmptyBatchRequest",
    "InvalidBatchEntryId": _SQS_PREFIX + "InvalidBatchEntryId",
    "MessageNotInflight": _SQS_PREFIX + "MessageNotInflight",
    "PurgeQueueInProgress": _SQS_PREFIX + "PurgeQueueInProgress",
    "QueueDeletedRecently": _SQS_PREFIX + "QueueDeletedRecently",
    "QueueDoesNotExist": _SQS_PREFIX + "NonExistentQueue",
    "QueueNameExists": "QueueAlreadyExists",
    "TooManyEntriesInBatchRequest": _SQS_PREFIX + "TooManyEntriesInBatchRequest",
    "UnsupportedOperation": _SQS_PREFIX + "UnsupportedOperation",
}
_SQS_SHAPES: Final[Mapping[str, str]] = {code: shape for shape, code in _SQS_CODES.items()}
