"""The global condition keys of a request: who, when, from where, how.

Source: IAM User Guide, reference_policies_condition-keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from stillup.rules.iam.evaluate import ServicePrincipal
from stillup.rules.iam.identity import Principal, PrincipalKind
from stillup.rules.iam.patterns import Context
from stillup.rules.ids import Instant

_PRINCIPAL_TYPES: Final = {
    PrincipalKind.ROOT: "Account",
    PrincipalKind.USER: "User",
    PrincipalKind.ANONYMOUS: "Anonymous",
}


def request_keys(
    *, now: Instant, source_ip: str, is_secure: bool, headers: Mapping[str, str], region: str | None = None
) -> Context:
    """When it is, and how the request came; `headers` are by lower-case names."""
    keys = {
        "aws:currenttime": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:epochtime": str(int(now)),
        "aws:securetransport": "true" if is_secure else "false",
        "aws:viaawsservice": "false",
    }
    stated = {
        "aws:sourceip": source_ip,
        "aws:requestedregion": region,
        "aws:useragent": headers.get("user-agent"),
        "aws:referer": headers.get("referer"),
    }
    return {key: (value,) for key, value in (keys | stated).items() if value}


def principal_keys(caller: Principal | ServicePrincipal) -> Context:
    """Who it is. Of an anonymous caller there is only the type, and nothing of a service but its name."""
    if isinstance(caller, ServicePrincipal):
        return {"aws:principalservicename": (caller.name,), "aws:principalisawsservice": ("true",)}
    keys = {
        "aws:principaltype": _PRINCIPAL_TYPES[caller.kind],
        "aws:principalisawsservice": "false",
    }
    if caller.kind is not PrincipalKind.ANONYMOUS:
        keys |= {
            "aws:principalarn": caller.arn,
            "aws:principalaccount": caller.account_id,
            "aws:userid": caller.id,
        }
    if caller.user is not None:
        keys["aws:username"] = caller.user.name
        keys |= {f"aws:principaltag/{key.lower()}": value for key, value in caller.user.tags.items()}
    return {key: (value,) for key, value in keys.items()}


def tag_keys(tags: Mapping[str, str], *prefixes: str) -> Context:
    """A key for each tag, as `aws:resourcetag/NAME`, under each prefix."""
    return {f"{prefix}/{name.lower()}": (value,) for name, value in tags.items() for prefix in prefixes}


def requested_tag_keys(tags: Mapping[str, str], removed: tuple[str, ...] = ()) -> Context:
    """The keys of the tags that a request sets (`aws:RequestTag/NAME`), and of all that it names (`aws:TagKeys`)."""
    named = (*tags, *removed)
    return {**tag_keys(tags, "aws:requesttag"), **({"aws:tagkeys": named} if named else {})}
