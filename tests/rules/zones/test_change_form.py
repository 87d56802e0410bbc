"""Which fields of a change may stand together (AL-1, RT-4, RT-14), row by row."""

from __future__ import annotations

import pytest

from stillup.rules.zones.change_batch import ChangeAction
from stillup.rules.zones.change_form import ChangeForm, PolicyField, refuse_forms

SOURCES = "[AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]"
POLICIES = (
    "[Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig]"
)


def reasons(
    *,
    ttl: int | None = 60,
    records: bool = True,
    alias: bool = False,
    identifier: str | None = None,
    policies: tuple[PolicyField, ...] = (),
    instance: bool = False,
    place: bool = False,
) -> list[str]:
    form = ChangeForm(
        ChangeAction.CREATE,
        "www.example.com",
        "A",
        set_identifier=identifier,
        policies=policies,
        has_ttl=ttl is not None,
        has_records=records,
        has_alias=alias,
        has_traffic_policy_instance=instance,
        is_for_some_place=place,
    )
    refusal = refuse_forms([form])
    assert refusal is None or refusal.code == "InvalidInput"
    return [] if refusal is None else list(refusal.reasons)


def invalid(problem: str, identifier: str = "null") -> list[str]:
    where = f"[Action=CREATE, Name=www.example.com, Type=A, SetIdentifier={identifier}]"
    return [f"Invalid request: {problem} in Change with {where}"]


@pytest.mark.parametrize(
    ("alias", "ttl", "records", "found"),
    [
        (False, 60, True, None),
        (False, 0, True, None),
        (False, None, True, "none"),
        (False, 60, False, "none"),
        (False, None, False, "none"),
        (True, None, False, None),
        (True, 60, False, "more than one"),
        (True, None, True, "more than one"),
        (True, 60, True, "more than one"),
    ],
)
def test_a_set_has_values_or_a_target(alias: bool, ttl: int | None, records: bool, found: str | None) -> None:
    expected = [] if found is None else invalid(f"Expected exactly one of {SOURCES}, but found {found}")
    assert reasons(alias=alias, ttl=ttl, records=records) == expected


FAILOVER, WEIGHT, MULTIVALUE = PolicyField.FAILOVER, PolicyField.WEIGHT, PolicyField.MULTI_VALUE_ANSWER
GEO = PolicyField.GEO_LOCATION


@pytest.mark.parametrize(
    ("identifier", "policies", "problem"),
    [
        (None, (), None),
        (None, (FAILOVER,), "Missing field 'SetIdentifier'"),
        ("x", (), f"Expected exactly one of {POLICIES}, but found none"),
        ("x", (FAILOVER,), None),
        ("x", (MULTIVALUE,), None),
        ("x", (WEIGHT,), None),
        ("x", (GEO,), None),
        ("x", (WEIGHT, GEO), f"Expected exactly one of {POLICIES}, but found more than one"),
        ("x", (FAILOVER, MULTIVALUE), f"Expected exactly one of {POLICIES}, but found more than one"),
        *(
            ("x", (policy,), (f"{policy}: this engine does not route by it yet,"
             " only by Weight, Failover, GeoLocation, MultiValueAnswer,"))
            for policy in PolicyField
            if policy not in (FAILOVER, GEO, MULTIVALUE, WEIGHT)
        ),
    ],
)  # fmt: skip
def test_a_member_of_a_group_has_an_identifier_and_one_policy(
    identifier: str | None, policies: tuple[PolicyField, ...], problem: str | None
) -> None:
    expected = [] if problem is None else invalid(problem, identifier or "null")
    assert reasons(identifier=identifier, policies=policies) == expected


def test_of_all_locations_only_the_default_one_is_routed_to() -> None:
    assert reasons(identifier="x", policies=(GEO,)) == []
    assert reasons(identifier="x", policies=(GEO,), place=True) == invalid(
        "GeoLocation: this engine does not know yet where clients are, so CountryCode *"
        " (the default location) is the only one that it routes to,",
        "x",
    )


def test_there_are_no_traffic_policies() -> None:
    assert reasons(ttl=None, records=False, instance=True) == invalid(
        "TrafficPolicyInstanceId: this engine has no traffic policies,"
    )


def test_everything_is_said_at_once() -> None:
    assert len(reasons(records=False, policies=(FAILOVER, WEIGHT))) == 3
