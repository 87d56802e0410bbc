"""Whom and what a call is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from stillup.engine.api.call import Call
from stillup.rules.iam.identity import PrincipalKind
from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.wire.aws.messages import AwsError

_Found = TypeVar("_Found")


def found_or_raise(found: _Found | Refusal) -> _Found:
    """What a rule found, or its refusal as the AwsError that it names."""
    if isinstance(found, Refusal):
        raise AwsError(found.code, found.message)
    return found


def user_name_of(call: Call) -> str:
    """The user that the call names, or else the caller.

    Raises AwsError ValidationError where nobody is named and the caller is no user: root's own keys are the
    operator's, not the API's.
    """
    name = call.parameters.get("UserName")
    if name is not None:
        return str(name)
    caller = call.principal
    if caller.kind is PrincipalKind.USER and caller.user is not None:
        return caller.user.name
    raise AwsError("ValidationError", "Must specify userName when calling with non-User credentials")


def policy_arn_of(call: Call) -> Arn:
    """The managed policy that the call names."""
    return Arn(call.parameters["PolicyArn"])


def tags_in(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The keys and values of `Tags`."""
    return [(tag["Key"], tag["Value"]) for tag in parameters.get("Tags") or []]
