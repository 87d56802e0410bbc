"""The record sets at a name, of every type and every routing policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from stillup.plan.setup import AliasTarget, Record

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

_KNOWN: Final = frozenset(
    {"Name", "Type", "SetIdentifier", "Failover", "TTL", "ResourceRecords", "AliasTarget", "HealthCheckId"}
)

_NEXT: Final = {
    "StartRecordName": "NextRecordName",
    "StartRecordType": "NextRecordType",
    "StartRecordIdentifier": "NextRecordIdentifier",
}


def read_records(route53: Route53Client, zone_id: str, name: str) -> tuple[Record, ...]:
    """All of them, as Route 53 lists them. Raises ClientError."""
    wanted = name.lower()
    found: list[Record] = []
    start: dict[str, Any] = {"StartRecordName": name}
    while True:
        page: Mapping[str, Any] = route53.list_resource_record_sets(HostedZoneId=zone_id, **start)
        records = [record_from(each) for each in page["ResourceRecordSets"]]
        found.extend(each for each in records if each.name == wanted)
        # Those of a name stand together (LS-1): where another name begins, there are no more of these.
        is_over = any(each.name != wanted for each in records)
        if is_over or not page["IsTruncated"]:
            return tuple(found)
        start = {key: page[next_key] for key, next_key in _NEXT.items() if next_key in page}


def record_from(listed: Mapping[str, Any]) -> Record:
    """A ResourceRecordSet as a Record; what else decides about it is kept in AWS's words."""
    alias = listed.get("AliasTarget")
    return Record(
        name=listed["Name"].lower().removesuffix("."),
        type=listed["Type"],
        set_identifier=listed.get("SetIdentifier"),
        failover=listed.get("Failover"),
        other_routing={key: value for key, value in listed.items() if key not in _KNOWN},
        ttl=listed.get("TTL"),
        values=tuple(each["Value"] for each in listed.get("ResourceRecords", ())),
        alias=None if alias is None else _alias_from(alias),
        check=listed.get("HealthCheckId"),
    )


def _alias_from(listed: Mapping[str, Any]) -> AliasTarget:
    return AliasTarget(
        zone_id=listed["HostedZoneId"],
        dns_name=listed["DNSName"].lower().removesuffix("."),
        evaluate_target_health=bool(listed["EvaluateTargetHealth"]),
    )
