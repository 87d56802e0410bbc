"""Whose a resource is, and by which names one knows it again.

| resource              | ours when                                                                        |
|-----------------------|----------------------------------------------------------------------------------|
| check                 | its owner tag names the failover; or its caller reference does, and it has no     |
|                       | owner tag yet (a run that ended between making and tagging it)                    |
| bucket, topic, alarm  | its owner tag names the failover                                                 |
| records               | their set identifiers are ours, or the PRIMARY names a check that is ours:       |
|                       | records carry no tags                                                            |
| object, subscription  | its bucket, its topic is ours                                                    |
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from stillup.plan.setup import OWNER_TAG, Check, CheckConfig, Record, Setup

ROLE_TAG: Final = "stillup-role"
"""On checks: `primary` or `standby`, the key that the check has in a plan."""
SET_IDENTIFIERS: Final[Mapping[str, str]] = {
    "PRIMARY": "stillup-primary",
    "SECONDARY": "stillup-secondary",
}
"""Of the records that are made here."""

_LONGEST_NAME: Final = 34
"""Characters of the failover's name within a caller reference, which may have 64 (HC-43)."""
_LONGEST_SLUG: Final = 200


def owner(name: str) -> str:
    r"""The value of the owner tag: the failover's name, spelled so that tags may hold it (`\052` is `+052`)."""
    return name.replace("\\", "+")


def slug(name: str) -> str:
    """The failover's name where only letters, digits and hyphens are allowed: `www-example-com`.

    A hyphen becomes two, so that `a-b.example` and `a.b.example` do not meet.
    """
    plain = owner(name).replace("-", "--").replace(".", "-").replace("+", "_")
    return plain if len(plain) <= _LONGEST_SLUG else f"{plain[:_LONGEST_SLUG]}-{_digest(name)}"


def usual_name(name: str) -> str:
    """What the failover's alarm and topic are called where nothing else is asked for."""
    return f"stillup-{slug(name)}"


def caller_reference(name: str, key: str, config: CheckConfig, *, attempt: int = 1) -> str:
    """The CallerReference of a check, at most 64 characters: the same for the same failover, key and config.

    Only what cannot be changed later counts, so a run after a crash finds what the crashed one made. Where a check that is
    deleted had it, AWS refuses it for days (HC-43): try the next `attempt`.
    """
    fixed = "|".join(map(str, unchangeable(config)))
    suffix = "" if attempt == 1 else f"/{attempt}"
    return f"{_reference_prefix(name, key)}{_digest(fixed)}{suffix}"


def unchangeable(config: CheckConfig) -> tuple[object, ...]:
    """What UpdateHealthCheck cannot change: type, interval, latency graphs, address or name (table 1.5, HC-2)."""
    return (
        config.type,
        config.request_interval,
        config.measure_latency,
        config.ip_address is None,
        config.routing_control_arn,
    )


def owns_tags(tags: Mapping[str, str], name: str) -> bool:
    """Whether the owner tag names this failover."""
    return tags.get(OWNER_TAG) == owner(name)


def whose(tags: Mapping[str, str]) -> str:
    """Whose a resource with these tags is, that is not the failover's own."""
    return f"the failover {tags[OWNER_TAG]}'s" if tags.get(OWNER_TAG) else "not stillup's"


def owns_check(check: Check, name: str) -> bool:
    """Whether the check was made for this failover, or adopted."""
    if OWNER_TAG in check.tags:
        return owns_tags(check.tags, name)
    return any(_has_reference(check, name, key) for key in ("primary", "standby"))


def role_of(check: Check, name: str) -> str | None:
    """`primary` or `standby`, for a check that is the failover's; None where only records could tell."""
    if not owns_check(check, name):
        return None
    tagged = check.tags.get(ROLE_TAG)
    if tagged is not None:
        return tagged
    return next((key for key in ("primary", "standby") if _has_reference(check, name, key)), None)


def owns_records(group: Iterable[Record], setup: Setup) -> bool:
    """Whether these records, all of one type at the failover's name, are the failover's own."""
    return any(
        record.set_identifier in SET_IDENTIFIERS.values() or _names_own_check(record, setup)
        for record in group
        if record.failover is not None
    )


def _names_own_check(record: Record, setup: Setup) -> bool:
    check = None if record.check is None else setup.checks.get(record.check)
    return record.failover == "PRIMARY" and check is not None and owns_check(check, setup.name)


def _has_reference(check: Check, name: str, key: str) -> bool:
    return (check.caller_reference or "").startswith(_reference_prefix(name, key))


def _reference_prefix(name: str, key: str) -> str:
    whole = owner(name)
    shown = whole if len(whole) <= _LONGEST_NAME else f"{whole[: _LONGEST_NAME - 11]}~{_digest(whole)}"
    return f"stillup/{shown}/{key}/"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
