"""The form of a requested change: which fields may stand together, before anything is known of the zone.

What is wrong here is InvalidInput (2.7); lengths and ranges of single fields are the service model's. Policies that this engine does not route by yet are refused here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stillup.rules.refusal import Refusal
from stillup.rules.zones.change_batch import ChangeAction


class PolicyField(StrEnum):
    """The fields that make a record set a member of a routing group; each excludes the others (RT-14)."""

    WEIGHT = "Weight"
    REGION = "Region"
    FAILOVER = "Failover"
    GEO_LOCATION = "GeoLocation"
    MULTI_VALUE_ANSWER = "MultiValueAnswer"
    GEO_PROXIMITY_LOCATION = "GeoProximityLocation"
    CIDR_ROUTING_CONFIG = "CidrRoutingConfig"


ROUTED: Final = frozenset(
    (
        PolicyField.WEIGHT,
        PolicyField.FAILOVER,
        PolicyField.GEO_LOCATION,
        PolicyField.MULTI_VALUE_ANSWER,
    )
)
"""The policies that rules/routing chooses by."""
DEFAULT_LOCATION: Final = "*"
"""The CountryCode of everywhere that has no record set of its own (2.3)."""

_SOURCES: Final = "[AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]"
_POLICIES: Final = (
    "[Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig]"
)
_ROUTED_SHOWN: Final = ", ".join(policy for policy in PolicyField if policy in ROUTED)


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """Which fields a requested change has."""

    action: ChangeAction
    name: str
    type: str
    set_identifier: str | None
    policies: tuple[PolicyField, ...]
    has_ttl: bool
    has_records: bool
    has_alias: bool
    has_traffic_policy_instance: bool = False
    is_for_some_place: bool = False
    """Whether the GeoLocation is anything but the default location."""


def refuse_forms(forms: Iterable[ChangeForm]) -> Refusal | None:
    """InvalidInput with everything that is wrong with the form of these changes; None if nothing is.

    | AliasTarget | TTL and ResourceRecords | outcome                                   |
    |-------------|-------------------------|-------------------------------------------|
    | no          | both                    | a set of values                           |
    | no          | one or none             | `Expected exactly one of …, found none`   |
    | yes         | none                    | an alias (AL-1)                           |
    | yes         | one or both             | `Expected exactly one of …, more than one`|

    | SetIdentifier | policy fields | outcome                                   |
    |---------------|---------------|-------------------------------------------|
    | no            | none          | a simple set                              |
    | no            | one or more   | `Missing field 'SetIdentifier'` (RT-4)    |
    | yes           | none          | `Expected exactly one of …, found none`   |
    | yes           | one           | a member of a group, if we route by it    |
    | any           | more than one | `Expected exactly one of …, more than one`|
    | any           | GeoLocation   | refused, unless for the default location  |
    """
    reasons = [f"Invalid request: {problem}" for form in forms for problem in _problems(form)]
    return Refusal("InvalidInput", tuple(reasons)) if reasons else None


def _problems(form: ChangeForm) -> list[str]:
    where = (
        f"in Change with [Action={form.action}, Name={form.name}, Type={form.type}, "
        f"SetIdentifier={'null' if form.set_identifier is None else form.set_identifier}]"
    )
    return [f"{problem} {where}" for problem in (*_source_problems(form), *_policy_problems(form))]


def _source_problems(form: ChangeForm) -> list[str]:
    has_values = form.has_ttl and form.has_records
    sources = form.has_alias + has_values + form.has_traffic_policy_instance
    if sources == 0:
        return [f"Expected exactly one of {_SOURCES}, but found none"]
    if sources > 1 or (not has_values and (form.has_ttl or form.has_records)):
        return [f"Expected exactly one of {_SOURCES}, but found more than one"]
    if form.has_traffic_policy_instance:
        return ["TrafficPolicyInstanceId: this engine has no traffic policies,"]
    return []


def _policy_problems(form: ChangeForm) -> list[str]:
    problems = []
    if len(form.policies) > 1:
        problems.append(f"Expected exactly one of {_POLICIES}, but found more than one")
    if form.set_identifier is None:
        return [*problems, "Missing field 'SetIdentifier'"] if form.policies else problems
    if not form.policies:
        problems.append(f"Expected exactly one of {_POLICIES}, but found none")
    problems += [
        f"{policy}: this engine does not route by it yet, only by {_ROUTED_SHOWN},"
        for policy in form.policies
        if policy not in ROUTED
    ]
    if form.is_for_some_place:
        problems.append(
            f"GeoLocation: this engine does not know yet where clients are, so CountryCode {DEFAULT_LOCATION}"
            " (the default location) is the only one that it routes to,"
        )
    return problems
