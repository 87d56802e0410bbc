"""Whose account it is."""

from __future__ import annotations

from dataclasses import dataclass

from stillup.provision.account import Account


@dataclass(frozen=True, slots=True)
class Caller:
    """Who we are to AWS."""

    account_id: str
    partition: str
    """`aws`, `aws-cn`, `aws-us-gov`."""


def read_caller(account: Account) -> Caller:
    """Needs no permission."""
    identity = account.sts.get_caller_identity()
    return Caller(identity["Account"], identity["Arn"].split(":")[1])
