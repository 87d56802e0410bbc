"""Record sets between the members of Route 53's model and the values of rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.names import DomainName, InvalidName
from stillup.rules.records import AliasTarget, FailoverRole, GeoLocation, Rdata, RecordSet, RecordType
from stillup.rules.zones.change_batch import AnyChange, ChangeAction, RequestedChange, UnreadableChange
from stillup.rules.zones.change_form import DEFAULT_LOCATION, ChangeForm, PolicyField
from stillup.wire.dns.rdata import InvalidValue, parse_rdata


def parse_form(change: Mapping[str, Any]) -> ChangeForm:
    """Which fields a member of `Changes` has."""
    given = change["ResourceRecordSet"]
    return ChangeForm(
        ChangeAction(change["Action"]),
        given["Name"],
        given["Type"],
        given.get("SetIdentifier"),
        # A MultiValueAnswer of false says what leaving it out says; a Weight of 0 does not.
        policies=tuple(each for each in PolicyField if given.get(each, False) is not False),
        has_ttl=given.get("TTL") is not None,
        has_records=bool(given.get("ResourceRecords")),
        has_alias=given.get("AliasTarget") is not None,
        has_traffic_policy_instance=given.get("TrafficPolicyInstanceId") is not None,
        is_for_some_place=given.get("GeoLocation") not in (None, {"CountryCode": DEFAULT_LOCATION}),
    )


def parse_change(change: Mapping[str, Any]) -> AnyChange:
    """A member of `Changes` whose form is right, with whatever is wrong with its names and values."""
    given = change["ResourceRecordSet"]
    try:
        name = DomainName.from_text(given["Name"])
        alias = _parse_alias(given.get("AliasTarget"))
    except InvalidName as error:
        return UnreadableChange((str(error),))
    record_type = RecordType(given["Type"])
    values = [parse_rdata(record_type, each["Value"]) for each in given.get("ResourceRecords") or ()]
    failover, health_check = given.get("Failover"), given.get("HealthCheckId")
    location = given.get("GeoLocation")
    record_set = RecordSet(
        name,
        record_type,
        set_identifier=given.get("SetIdentifier"),
        failover=None if failover is None else FailoverRole(failover),
        multivalue=bool(given.get("MultiValueAnswer")),
        ttl=given.get("TTL"),
        records=tuple(each for each in values if isinstance(each, Rdata)),
        alias=alias,
        health_check_id=HealthCheckId(health_check) if health_check else None,
        weight=given.get("Weight"),
        geolocation=None if location is None else GeoLocation(location["CountryCode"]),
    )
    faults = tuple(each.reason for each in values if isinstance(each, InvalidValue))
    return RequestedChange(ChangeAction(change["Action"]), record_set, faults)


def render_record_set(record_set: RecordSet) -> Mapping[str, Any]:
    """ResourceRecordSet, without the fields that are not set."""
    members: dict[str, Any] = {"Name": record_set.name.to_text(), "Type": record_set.type.value}
    if record_set.set_identifier is not None:
        members["SetIdentifier"] = record_set.set_identifier
    if record_set.weight is not None:
        members["Weight"] = record_set.weight
    if record_set.geolocation is not None:
        members["GeoLocation"] = {"CountryCode": record_set.geolocation.country_code}
    if record_set.failover is not None:
        members["Failover"] = record_set.failover.value
    if record_set.multivalue:
        members["MultiValueAnswer"] = True
    if record_set.alias is not None:
        members["AliasTarget"] = {
            "HostedZoneId": record_set.alias.zone_id,
            "DNSName": record_set.alias.dns_name.to_text(),
            "EvaluateTargetHealth": record_set.alias.evaluate_target_health,
        }
    else:
        members["TTL"] = record_set.ttl
        members["ResourceRecords"] = [{"Value": each.text} for each in record_set.records]
    if record_set.health_check_id is not None:
        members["HealthCheckId"] = record_set.health_check_id
    return members


def _parse_alias(given: Mapping[str, Any] | None) -> AliasTarget | None:
    if given is None:
        return None
    return AliasTarget(
        HostedZoneId(given["HostedZoneId"]),
        DomainName.from_text(given["DNSName"]),
        given["EvaluateTargetHealth"],
    )
