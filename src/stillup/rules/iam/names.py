"""What identities are called: ARNs by path and name, and the ids and secrets made from chance."""

from __future__ import annotations

from base64 import b32encode, b64encode
from typing import Final

from stillup.rules.ids import Arn

ID_OCTETS: Final = 11
"""Octets of chance that an id takes."""
SECRET_OCTETS: Final = 30
"""Octets of chance in a secret; 240 bits, exactly 40 characters."""


def user_arn(account_id: str, path: str, name: str) -> Arn:
    """`arn:aws:iam::ACCOUNT:user/PATH/NAME`; the path begins and ends with a slash."""
    return Arn(f"arn:aws:iam::{account_id}:user{path}{name}")


def policy_arn(account_id: str, path: str, name: str) -> Arn:
    """`arn:aws:iam::ACCOUNT:policy/PATH/NAME`; the path begins and ends with a slash."""
    return Arn(f"arn:aws:iam::{account_id}:policy{path}{name}")


def user_id(octets: bytes) -> str:
    """`AIDA` and 17 characters, from ID_OCTETS of chance."""
    return "AIDA" + _characters(octets, 17)


def policy_id(octets: bytes) -> str:
    """`ANPA` and 17 characters, from ID_OCTETS of chance."""
    return "ANPA" + _characters(octets, 17)


def access_key_id(octets: bytes) -> str:
    """`AKIA` and 16 characters, from ID_OCTETS of chance."""
    return "AKIA" + _characters(octets, 16)


def secret_access_key(octets: bytes) -> str:
    """40 characters, from SECRET_OCTETS of chance."""
    return b64encode(octets).decode("ascii")


def same_name(one: str, other: str) -> bool:
    """Names of users and of policies are not told apart by case."""
    return one.lower() == other.lower()


def _characters(octets: bytes, count: int) -> str:
    return b32encode(octets).decode("ascii")[:count]
