"""A check's settings and tags, in the plan file's words."""

from __future__ import annotations

from typing import Any, Final

from stillup.plan.describe.targets import Unsaid
from stillup.plan.setup import Check, CheckConfig, Setup

_TYPES: Final = {
    "HTTP": "http",
    "HTTP_STR_MATCH": "http",
    "HTTPS": "https",
    "HTTPS_STR_MATCH": "https",
    "TCP": "tcp",
}
_PORTS: Final = {"http": 80, "https": 443}
_TAGGED: Final = {
    "stillup:interval": "interval",
    "stillup:confirm-interval": "confirm-interval",
    "stillup:timeout": "timeout",
    "stillup:expect": "expect",
    "stillup:fall": "fall",
    "stillup:rise": "rise",
}
_NUMBERS: Final = frozenset({"fall", "rise"})


def check_of(setup: Setup, key: str | None, target: dict[str, Any], unsaid: Unsaid) -> dict[str, Any] | None:
    """The check with this key; None where the records name none.

    One that a plan cannot describe is `existing`: CALCULATED, CLOUDWATCH_METRIC, RECOVERY_CONTROL, and one that is not
    there.
    """
    if key is None:
        return None
    check = setup.checks.get(key)
    if check is None:
        unsaid.append(f"the records name health check {key}, which does not exist")
        return {"existing": key}
    config = check.config
    if config is None or config.type not in _TYPES:
        kind = "" if config is None else f" of type {config.type}"
        unsaid.append(f"health check {key}{kind} is kept where it was made; the plan only names it")
        return {"existing": check.id or key}
    return {**_probe(setup, config, target, unsaid), **_pace(config), **_refinements(check)}


def failback_of(check: Check | None) -> str | dict[str, str]:
    """`stillup:latch` is held, `stillup:recover-after` a calm time (docs: tags)."""
    tags = {} if check is None else check.tags
    if tags.get("stillup:latch") == "true":
        return "held"
    after = tags.get("stillup:recover-after")
    return "auto" if after is None else {"after": after}


def _probe(setup: Setup, config: CheckConfig, target: dict[str, Any], unsaid: Unsaid) -> dict[str, Any]:
    type_ = _TYPES[config.type]
    said: dict[str, Any] = {"type": type_}
    if config.port is not None and config.port != _PORTS.get(type_):
        said["port"] = config.port
    if config.resource_path is not None:
        said["path"] = config.resource_path
    addresses = [target["address"]] if "address" in target else target.get("addresses", [])
    if config.ip_address is not None and config.ip_address not in addresses[:1]:
        said["address"] = config.ip_address
    usual = setup.name if config.ip_address is not None else _name_of(target)
    if config.fqdn is not None and config.fqdn != usual:
        said["host"] = config.fqdn
    elif config.fqdn is None and type_ != "tcp":
        unsaid.append(f"the check asks for no host; a plan's asks for {usual}")
    if config.ip_address is None and addresses:
        unsaid.append(
            f"the check looks {config.fqdn} up; a plan's goes to {addresses[0]} and asks for that host"
        )
    if config.search_string is not None:
        said["string"] = config.search_string
    if config.enable_sni is False and type_ == "https":
        said["sni"] = False
    return said


def _name_of(target: dict[str, Any]) -> str | None:
    if "name" in target:
        return str(target["name"])
    return str(target["alias"]["name"]) if "alias" in target else None


def _pace(config: CheckConfig) -> dict[str, Any]:
    said: dict[str, Any] = {
        "interval": config.request_interval or 30,
        "failures": config.failure_threshold or 3,
        "inverted": config.inverted,
        "disabled": config.disabled,
        "measure-latency": config.measure_latency,
    }
    if config.regions:
        said["regions"] = list(config.regions)
    return said


def _refinements(check: Check) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for tag, key in _TAGGED.items():
        value = check.tags.get(tag)
        if value is not None:
            said[key] = int(value) if key in _NUMBERS and value.isascii() and value.isdecimal() else value
    if check.tags.get("stillup:verify-tls") in ("true", "false"):
        said["verify-tls"] = check.tags["stillup:verify-tls"] == "true"
    return said
