"""Health checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from stillup.plan.ownership import caller_reference
from stillup.plan.setup import Check, CheckConfig
from stillup.plan.step import Action, Step
from stillup.provision.carry_out.site import Site
from stillup.provision.errors import ProvisionFailed, code_of
from stillup.provision.waiting import patiently

_ATTEMPTS: Final = 20
"""Caller references that are tried: as many checks as may have been deleted within the days that AWS remembers."""
_TAGS_AT_ONCE: Final = 10
"""HC-50."""
_MEMBERS: Final[Mapping[str, str]] = {
    "ip_address": "IPAddress",
    "port": "Port",
    "resource_path": "ResourcePath",
    "fqdn": "FullyQualifiedDomainName",
    "search_string": "SearchString",
    "failure_threshold": "FailureThreshold",
    "inverted": "Inverted",
    "disabled": "Disabled",
    "health_threshold": "HealthThreshold",
    "child_health_checks": "ChildHealthChecks",
    "enable_sni": "EnableSNI",
    "regions": "Regions",
    "insufficient_data_health_status": "InsufficientDataHealthStatus",
}
"""What can be changed (table 1.5), by its name in CheckConfig."""
_FIXED_MEMBERS: Final[Mapping[str, str]] = {
    "type": "Type",
    "request_interval": "RequestInterval",
    "measure_latency": "MeasureLatency",
    "routing_control_arn": "RoutingControlArn",
}
_RESETTABLE: Final = ("ChildHealthChecks", "FullyQualifiedDomainName", "Regions", "ResourcePath")
"""HC-20."""


def carry_check(site: Site, step: Step) -> None:
    """Make, change, tag or delete the check; `site.ids` learns its id. Raises ClientError and ProvisionFailed."""
    match step.action:
        case Action.DELETE:
            _delete(site, _check(step.before))
        case Action.CREATE | Action.REPLACE:
            site.ids[step.address] = _create(site, _check(step.after), step.address)
        case _:
            site.ids[step.address] = _change(site, _check(step.before), _check(step.after))


def members(config: CheckConfig) -> dict[str, Any]:
    """A HealthCheckConfig, without what is absent (table 1.5)."""
    return {**_present(config, _FIXED_MEMBERS), **_changeable(config)}


def _create(site: Site, check: Check, address: str) -> str:
    """A caller reference that a deleted check had is refused for days: then the next one is tried (HC-43)."""
    key = address.partition("/")[2]
    for attempt in range(1, _ATTEMPTS + 1):
        reference = caller_reference(site.ground.actual.name, key, _config(check), attempt=attempt)
        try:
            made = site.account.route53.create_health_check(
                CallerReference=reference,
                HealthCheckConfig=members(_config(check)),  # type: ignore[arg-type]
            )
        except ClientError as error:
            if code_of(error) == "HealthCheckAlreadyExists":
                continue
            raise
        id_ = made["HealthCheck"]["Id"]
        _tag(site, id_, {}, check.tags)
        return id_
    raise ProvisionFailed(
        f"AWS still remembers {_ATTEMPTS} deleted checks of {site.ground.actual.name} and takes no other.",
        "Wait for a few days, or change what cannot be changed of the check, such as its interval.",
    )


def _change(site: Site, before: Check, after: Check) -> str:
    """What is left out stays as it is, and what is to go must be reset (HC-20)."""
    id_ = before.id or before.key
    old, new = _changeable(_config(before)), _changeable(_config(after))
    if old != new:
        resets = [name for name in _RESETTABLE if name in old and name not in new]
        site.account.route53.update_health_check(
            HealthCheckId=id_,
            **new,
            **({"ResetElements": resets} if resets else {}),  # type: ignore[arg-type]
        )
    _tag(site, id_, before.tags, after.tags)
    return id_


def _delete(site: Site, check: Check) -> None:
    try:
        site.account.route53.delete_health_check(HealthCheckId=check.id or check.key)
    except ClientError as error:
        if code_of(error) != "NoSuchHealthCheck":
            raise


def _tag(site: Site, id_: str, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    added = [{"Key": key, "Value": value} for key, value in after.items() if before.get(key) != value]
    removed = [key for key in before if key not in after]
    for start in range(0, max(len(added), len(removed)), _TAGS_AT_ONCE):
        end = start + _TAGS_AT_ONCE
        changes: dict[str, Any] = {"AddTags": added[start:end], "RemoveTagKeys": removed[start:end]}
        # A check that was made a moment ago may not be known everywhere yet.
        patiently(
            lambda changes=changes: site.account.route53.change_tags_for_resource(  # type: ignore[misc]
                ResourceType="healthcheck",
                ResourceId=id_,
                **{name: value for name, value in changes.items() if value},
            ),
            codes=("NoSuchHealthCheck",),
        )


def _changeable(config: CheckConfig) -> dict[str, Any]:
    alarm = (
        {}
        if config.alarm_name is None
        else {"AlarmIdentifier": {"Region": config.alarm_region, "Name": config.alarm_name}}
    )
    return {**_present(config, _MEMBERS), **alarm}


def _present(config: CheckConfig, names: Mapping[str, str]) -> dict[str, Any]:
    values = {member: getattr(config, name) for name, member in names.items()}
    listed = {member: list(each) if isinstance(each, tuple) else each for member, each in values.items()}
    return {member: each for member, each in listed.items() if each is not None and each != []}


def _check(resource: object) -> Check:
    if not isinstance(resource, Check):
        raise TypeError(f"not a check: {resource!r}")
    return resource


def _config(check: Check) -> CheckConfig:
    if check.config is None:
        raise TypeError(f"the check {check.key} is kept elsewhere")
    return check.config
