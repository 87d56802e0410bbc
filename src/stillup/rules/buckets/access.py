"""Who may reach into a bucket by its policy: whether the policy is public (S3-9), and what is left of it (S3-8)."""

from __future__ import annotations

from typing import Final

from stillup.rules.buckets.bucket import Bucket
from stillup.rules.buckets.policy import parse_policy
from stillup.rules.iam.evaluate import Request, evaluate
from stillup.rules.iam.identity import Principal, PrincipalKind
from stillup.rules.iam.operands import network
from stillup.rules.iam.patterns import Context
from stillup.rules.iam.policy import Condition, Effect, Policy, Statement
from stillup.rules.refusal import Refusal

ANYBODY: Final = Principal(PrincipalKind.ANONYMOUS, "")
"""Who comes without credentials."""

_NARROWING_KEYS: Final = frozenset(
    (
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:vpcsourceip",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    )
)
_NARROWING_OPERATORS: Final = frozenset(
    ("StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike")
)
_WIDEST_IPV4: Final = 8
_WIDEST_IPV6: Final = 32


def is_public(policy: Policy) -> bool:
    """Whether any statement grants something to principals that are not fixed (S3-9)."""
    return any(_is_public(statement) for statement in policy.statements)


def policy_in_force(bucket: Bucket, caller: Principal) -> Policy | None:
    """What the bucket's policy says to this caller; None where it says nothing.

    | policy                                                        | in force for          |
    |---------------------------------------------------------------|-----------------------|
    | none, or one that is not valid                                | nobody                |
    | public, RestrictPublicBuckets on (S3-8)                       | the account's own     |
    | any other                                                     | everybody             |
    """
    policy = None if bucket.policy is None else parse_policy(bucket.policy, bucket.name)
    if policy is None or isinstance(policy, Refusal):
        return None
    block = bucket.public_access_block
    restricted = block is not None and block.restrict_public_buckets and is_public(policy)
    return None if restricted and caller.kind is PrincipalKind.ANONYMOUS else policy


def may_read_anonymously(bucket: Bucket, key: str, context: Context) -> bool:
    """Whether anyone whose request has these condition keys may GetObject this key."""
    request = Request(ANYBODY, "s3:GetObject", f"arn:aws:s3:::{bucket.name}/{key}", context)
    return evaluate(request, (), policy_in_force(bucket, ANYBODY)).is_allowed


def _is_public(statement: Statement) -> bool:
    principals = statement.principals
    if statement.effect is Effect.DENY or principals is None:
        return False
    if not principals.negated and "*" not in principals.values:
        return False
    return not any(_narrows(condition) for condition in statement.conditions)


def _narrows(condition: Condition) -> bool:
    """Whether the condition leaves only fixed callers; `…IfExists` and `ForAllValues:` leave all who lack the key."""
    operator, key = condition.operator.removeprefix("ForAnyValue:"), condition.key.lower()
    if not condition.values:
        return False
    if operator == "IpAddress" and key == "aws:sourceip":
        return all(_is_fixed(text) for text in condition.values)
    fixed = not any("*" in text or "?" in text or "${" in text for text in condition.values)
    return operator in _NARROWING_OPERATORS and key in _NARROWING_KEYS and fixed


def _is_fixed(text: str) -> bool:
    """A range wider than /8 (IPv4) or /32 (IPv6) is as good as everybody."""
    found = network(text)
    if found is None:
        return False
    return found.prefixlen >= (_WIDEST_IPV4 if found.version == 4 else _WIDEST_IPV6)
