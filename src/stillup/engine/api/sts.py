"""The Security Token Service: who am I."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.rules.iam.identity import PrincipalKind
from stillup.wire.aws.messages import AwsError, Output


async def get_caller_identity(ports: ApiPorts, call: Call) -> Output:
    """GetCallerIdentity: of root or a user.

    Raises AwsError MissingAuthenticationToken for somebody without credentials.
    """
    caller = call.principal
    if caller.kind is PrincipalKind.ANONYMOUS:
        raise AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", status=403)
    return Output({"UserId": caller.id, "Account": caller.account_id, "Arn": caller.arn})


STS_OPERATIONS: Final[Mapping[str, Operation]] = {"GetCallerIdentity": get_caller_identity}
"""GetSessionToken and AssumeRole are not built: every credential is a long-term one."""
