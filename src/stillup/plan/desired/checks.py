"""The health checks that a failover asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from stillup.plan.desired.site import website_host
from stillup.plan.file.plan_file import Failback, Failover, Where
from stillup.plan.file.targets import Check as TypedCheck
from stillup.plan.file.targets import Primary, Standby
from stillup.plan.ownership import ROLE_TAG, caller_reference, owner
from stillup.plan.setup import OWNER_TAG, Check, CheckConfig
from stillup.rules.durations import render_duration
from stillup.rules.health.check import HealthCheckType

FAST: Final = 10
STANDARD: Final = 30
"""Seconds: the request intervals that AWS has (table 1.5)."""

_TYPES: Final = {
    ("http", False): HealthCheckType.HTTP,
    ("http", True): HealthCheckType.HTTP_STR_MATCH,
    ("https", False): HealthCheckType.HTTPS,
    ("https", True): HealthCheckType.HTTPS_STR_MATCH,
    ("tcp", False): HealthCheckType.TCP,
    ("tcp", True): HealthCheckType.TCP,
}
"""By the plan's type, and by whether a string is asked for (table 1.1)."""


def check_of(
    failover: Failover,
    where: Where,
    key: str,
    target: Primary | Standby,
    typed: TypedCheck,
    more_tags: Mapping[str, str],
) -> Check:
    """The check of this target; one that is kept elsewhere is only an id."""
    if typed.existing is not None:
        return Check(key=key, config=None, id=typed.existing)
    config = _config(failover, where, target, typed)
    tags = {
        OWNER_TAG: owner(failover.name),
        ROLE_TAG: key,
        "Name": f"{owner(failover.name)} {key}",
        **_refinements(typed),
        **more_tags,
    }
    return Check(key, config, caller_reference=caller_reference(failover.name, key, config), tags=tags)


def primary_tags(failover: Failover) -> dict[str, str]:
    """How the primary gets its visitors back: `stillup:latch` for held, `stillup:recover-after` for a calm time."""
    match failover.failback:
        case "held":
            return {"stillup:latch": "true"}
        case Failback(after=after):
            return {"stillup:recover-after": render_duration(after)}
        case _:
            return {}


def _config(failover: Failover, where: Where, target: Primary | Standby, typed: TypedCheck) -> CheckConfig:
    """Table 1.5, with the defaults that Route 53 would list.

    | type      | target has an address | IPAddress | FullyQualifiedDomainName                  | path   |
    |-----------|-----------------------|-----------|-------------------------------------------|--------|
    | http(s)   | yes                   | address   | host, else the failover's name (HC-10)    | if any |
    | http(s)   | no                    | –         | host, else the target's name (HC-11)      | if any |
    | tcp       | yes                   | address   | – (HC-22)                                 | –      |
    | tcp       | no                    | –         | host, else the target's name              | –      |
    """
    kind = _TYPES[typed.type, typed.string is not None]
    address = typed.address or next(iter(target.all_addresses), None)
    is_http = kind is not HealthCheckType.TCP
    if address is None:
        fqdn = typed.host or _target_name(failover, where, target)
    else:
        fqdn = typed.host or _host(failover.name) if is_http else None
    return CheckConfig(
        type=kind.value,
        ip_address=None if address is None else str(address),
        port=kind.own_port if typed.port is None else typed.port,
        resource_path=_path(typed.path) if is_http else None,
        fqdn=fqdn,
        search_string=typed.string if kind.searches_body else None,
        request_interval=FAST if typed.interval < STANDARD else STANDARD,
        failure_threshold=typed.failures,
        measure_latency=typed.measure_latency,
        inverted=typed.inverted,
        disabled=typed.disabled,
        enable_sni=(True if typed.sni is None else typed.sni) if kind.is_tls else False,
        regions=tuple(dict.fromkeys(typed.regions)),
    )


def _host(name: str) -> str | None:
    """A wildcard is no host that anybody could ask for."""
    return None if name.startswith("\\052.") else name


def _path(path: str | None) -> str | None:
    """With its first slash, which Route 53 adds (HC-9)."""
    return path if path is None or path.startswith("/") else f"/{path}"


def _target_name(failover: Failover, where: Where, target: Primary | Standby) -> str | None:
    if target.name is not None:
        return target.name
    if target.alias is not None:
        return target.alias.name
    return website_host(failover, where) if isinstance(target, Standby) else None


def _refinements(typed: TypedCheck) -> dict[str, str]:
    """The tags that say what Route 53 lacks (docs: tags)."""
    asked = {
        "interval": None if typed.interval in (FAST, STANDARD) else render_duration(typed.interval),
        "confirm-interval": _duration(typed.confirm_interval),
        "timeout": _duration(typed.timeout),
        "verify-tls": "true" if typed.verify_tls else None,
        # AWS takes no comma in a tag.
        "expect": None if typed.expect is None else " ".join(re.split(r"[,\s]+", typed.expect.strip())),
        "fall": None if typed.fall is None else str(typed.fall),
        "rise": None if typed.rise is None else str(typed.rise),
    }
    return {f"stillup:{name}": value for name, value in asked.items() if value is not None}


def _duration(seconds: float | None) -> str | None:
    return None if seconds is None else render_duration(seconds)
