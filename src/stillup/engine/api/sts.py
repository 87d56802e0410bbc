"""The Security Token Service: who am I."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.wire.aws.messages import Output


async def get_caller_identity(ports: ApiPorts, call: Call) -> Output:
    """Everybody is the account's root until credentials are verified."""
    account = ports.settings.account_id
    return Output({"UserId": account, "Account": account, "Arn": f"arn:aws:iam::{account}:root"})


STS_OPERATIONS: Final[Mapping[str, Operation]] = {"GetCallerIdentity": get_caller_identity}
