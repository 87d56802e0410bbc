"""Who may read without credentials: whether a policy is public (S3-9), and what it grants to anyone.

The evaluation here knows anonymous readers only, and of conditions only `aws:SourceIp`. It fails closed: what
it does not understand grants nothing and denies everything.
"""

from __future__ import annotations

import ipaddress
from typing import Final

from stillup.rules.buckets.bucket import Bucket
from stillup.rules.buckets.policy import Condition, Effect, Policy, Statement, parse_policy

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

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def is_public(policy: Policy) -> bool:
    """Whether any statement grants something to principals that are not fixed (S3-9)."""
    return any(_is_public(statement) for statement in policy.statements)


def may_read_anonymously(bucket: Bucket, key: str, *, source_ip: str) -> bool:
    """Whether anyone at this address may GetObject this key.

    | policy                                   | answer                  |
    |------------------------------------------|-------------------------|
    | none                                     | no                      |
    | public, RestrictPublicBuckets on (S3-8)  | no                      |
    | a Deny applies, or may apply             | no                      |
    | an Allow applies for certain             | yes                     |
    | nothing applies                          | no                      |
    """
    policy = None if bucket.policy is None else parse_policy(bucket.policy, bucket.name)
    if not isinstance(policy, Policy):
        return False
    block = bucket.public_access_block
    if block is not None and block.restrict_public_buckets and is_public(policy):
        return False
    applying = [s for s in policy.statements if _applies(s, bucket, key, source_ip)]
    return bool(applying) and all(statement.effect is Effect.ALLOW for statement in applying)


def _is_public(statement: Statement) -> bool:
    if statement.effect is Effect.DENY:
        return False
    if not statement.principals.negated and "*" not in statement.principals.values:
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
    network = _network(text)
    if network is None:
        return False
    return network.prefixlen >= (_WIDEST_IPV4 if network.version == 4 else _WIDEST_IPV6)


def _applies(statement: Statement, bucket: Bucket, key: str, source_ip: str) -> bool:
    """For certain if it allows, possibly if it denies."""
    denies = statement.effect is Effect.DENY
    if statement.principals.negated:
        # Everyone but some: anonymous callers are never among the some. An Allow so written grants nothing here.
        if not denies or "*" in statement.principals.values:
            return False
    elif "*" not in statement.principals.values:
        return False
    resource = f"arn:aws:s3:::{bucket.name}/{key}"
    if any("${" in value for value in statement.resources.values):
        covers = denies
    else:
        covers = statement.resources.cover(resource)
    return (
        covers
        and statement.actions.cover("s3:GetObject", ignore_case=True)
        and all(_holds(condition, source_ip, if_unknown=denies) for condition in statement.conditions)
    )


def _holds(condition: Condition, source_ip: str, *, if_unknown: bool) -> bool:
    if condition.key.lower() != "aws:sourceip" or condition.operator not in ("IpAddress", "NotIpAddress"):
        return if_unknown
    networks = [network for text in condition.values if (network := _network(text)) is not None]
    address = _address(source_ip)
    if address is None or len(networks) < len(condition.values):
        return if_unknown
    inside = any(address in network for network in networks)
    return inside is (condition.operator == "IpAddress")


def _address(text: str) -> _Address | None:
    """An address; an IPv4 one also where a socket for both families writes it as `::ffff:192.0.2.1`."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(text: str) -> _Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
