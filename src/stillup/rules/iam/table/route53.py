"""Route 53: its ARNs have neither Region nor account (IA-1), and records have only condition keys (IA-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from stillup.rules.health.check import AlarmIdentifier, HealthCheckType
from stillup.rules.iam.patterns import Context
from stillup.rules.iam.table.row import (
    Facts,
    Need,
    Resources,
    Row,
    everything,
    has,
    single,
    structure,
    structures,
    text,
    texts,
)
from stillup.rules.ids import HealthCheckId
from stillup.rules.names import DomainName, InvalidName

_KEY: Final = "route53:changeresourcerecordsets"


def normalized(name: str) -> str:
    """A record's name as conditions see it (IA-2): lower case, no last dot, octal escapes."""
    try:
        return DomainName.from_text(name).to_text().removesuffix(".")
    except InvalidName:
        return name.lower().removesuffix(".")


def _named(kind: str, member: str) -> Resources:
    def resources(facts: Facts) -> Sequence[str]:
        name = text(facts.parameters, member) or ""
        return (f"arn:aws:route53:::{kind}/{name.removeprefix(f'/{kind}/')}",)

    return resources


def _tagged(facts: Facts) -> Sequence[str]:
    kind = text(facts.parameters, "ResourceType") or ""
    single_id = text(facts.parameters, "ResourceId")
    ids = texts(facts.parameters, "ResourceIds") if single_id is None else (single_id,)
    return [f"arn:aws:route53:::{kind}/{each}" for each in ids]


def _record_keys(facts: Facts, resource: str) -> Context:
    changes = structures(structure(facts.parameters, "ChangeBatch"), "Changes")
    record_sets = [structure(change, "ResourceRecordSet") for change in changes]
    return {
        f"{_KEY}normalizedrecordnames": tuple(normalized(str(each.get("Name", ""))) for each in record_sets),
        f"{_KEY}recordtypes": tuple(str(each.get("Type", "")) for each in record_sets),
        f"{_KEY}actions": tuple(str(change.get("Action", "")) for change in changes),
    }


def _alarm(facts: Facts) -> AlarmIdentifier | None:
    """The alarm whose settings the call copies."""
    stated = structure(facts.parameters, "AlarmIdentifier") or structure(
        structure(facts.parameters, "HealthCheckConfig"), "AlarmIdentifier"
    )
    if stated:
        return AlarmIdentifier(str(stated.get("Region", "")), str(stated.get("Name", "")))
    check = facts.world.health_checks.get(HealthCheckId(text(facts.parameters, "HealthCheckId") or ""))
    if check is None or check.config.type is not HealthCheckType.CLOUDWATCH_METRIC:
        return None
    return check.config.alarm_identifier


def _alarm_arn(facts: Facts) -> Sequence[str]:
    alarm = _alarm(facts)
    return (
        () if alarm is None else (f"arn:aws:cloudwatch:{alarm.region}:{facts.account_id}:alarm:{alarm.name}",)
    )


_zone: Final = _named("hostedzone", "HostedZoneId")
_zone_by_id: Final = _named("hostedzone", "Id")
_check: Final = _named("healthcheck", "HealthCheckId")
_copies_alarm: Final = Need(
    "cloudwatch:DescribeAlarms", _alarm_arn, when=lambda facts: _alarm(facts) is not None
)
"""IA-7."""


def _rows(resources: Resources, *operations: str) -> Mapping[str, Row]:
    return {operation: single(f"route53:{operation}", resources) for operation in operations}


ROUTE53: Final[Mapping[str, Row]] = {
    **_rows(
        everything,
        "GetAccountLimit",
        "GetHealthCheckCount",
        "GetHostedZoneCount",
        "ListHealthChecks",
        "ListHostedZones",
        "ListHostedZonesByName",
        "TestDNSAnswer",
    ),
    **_rows(_zone_by_id, "DeleteHostedZone", "GetHostedZone", "UpdateHostedZoneComment"),
    **_rows(_zone, "GetDNSSEC", "GetHostedZoneLimit", "ListResourceRecordSets"),
    **_rows(
        _check,
        "DeleteHealthCheck",
        "GetHealthCheck",
        "GetHealthCheckLastFailureReason",
        "GetHealthCheckStatus",
    ),
    **_rows(_tagged, "ChangeTagsForResource", "ListTagsForResource", "ListTagsForResources"),
    **_rows(_named("change", "Id"), "GetChange"),
    "ChangeResourceRecordSets": single("route53:ChangeResourceRecordSets", _zone, _record_keys),
    "CreateHealthCheck": Row((Need("route53:CreateHealthCheck"), _copies_alarm)),
    "UpdateHealthCheck": Row((Need("route53:UpdateHealthCheck", _check), _copies_alarm)),
    "CreateHostedZone": Row((Need("route53:CreateHostedZone"), Need("ec2:DescribeVpcs", when=has("VPC")))),
    # HC-49: anybody may ask.
    "GetCheckerIpRanges": Row(without_credentials=lambda _: True),
}
