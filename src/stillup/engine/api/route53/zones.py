"""Route 53's operations on hosted zones (HZ-1 … HZ-5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.route53.paging import page_size
from stillup.engine.api.route53.submissions import new_id, new_submission, render_submission
from stillup.rules.changes import ZoneCommentSet, ZoneCreated, ZoneDeleted
from stillup.rules.ids import HostedZoneId
from stillup.rules.names import DomainName, InvalidName
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from stillup.rules.zones.lifecycle import create_zone, delete_zone, find_zone
from stillup.rules.zones.listing import MAX_ZONES_IN_PAGE, list_zones, list_zones_by_name
from stillup.rules.zones.name_servers import CHANCE_OCTETS, default_name_servers
from stillup.rules.zones.zone import HostedZone
from stillup.wire.aws.messages import AwsError, Output


async def create_hosted_zone(ports: ApiPorts, call: Call) -> Output:
    """CreateHostedZone: 201 and the zone's URL. Private zones and delegation sets are refused."""
    _raise_if_private(call)
    _raise_if_delegation_set(call)
    name = _domain_name(call.parameters["Name"])
    zone_id = HostedZoneId(new_id("Z", ports.die))
    name_servers = _name_servers(ports)
    submission = new_submission(ports)

    def decide(world: World) -> ZoneCreated | Refusal:
        return create_zone(
            world.zones,
            zone_id=zone_id,
            name=name,
            caller_reference=call.parameters["CallerReference"],
            comment=_config(call).get("Comment") or "",
            name_servers=name_servers,
            submission=submission,
        )

    zone = committed_or_raise(await ports.worlds.commit(decide)).world.zones[zone_id]
    host = call.request.headers.get("host", "route53.amazonaws.com")
    return Output(
        {
            "HostedZone": _render_zone(zone),
            "ChangeInfo": render_submission(submission),
            "DelegationSet": _render_delegation_set(zone),
            "Location": f"http://{host}/2013-04-01/hostedzone/{zone_id}",
        }
    )


async def get_hosted_zone(ports: ApiPorts, call: Call) -> Output:
    """GetHostedZone."""
    zone = found_zone(ports, call.parameters["Id"])
    return Output({"HostedZone": _render_zone(zone), "DelegationSet": _render_delegation_set(zone)})


async def list_hosted_zones(ports: ApiPorts, call: Call) -> Output:
    """ListHostedZones, ordered by id; the marker is the first id of the next page."""
    _raise_if_delegation_set(call)
    size = page_size(call.parameters.get("MaxItems"), MAX_ZONES_IN_PAGE)
    marker = call.parameters.get("Marker") or ""
    # All zones are public, so of the one type that can be asked for, PrivateHostedZone, there is none.
    zones = {} if call.parameters.get("HostedZoneType") else ports.worlds.current.zones
    page = list_zones(zones, HostedZoneId(marker), size)
    following = {} if page.next is None else {"NextMarker": page.next.id}
    return Output(
        {
            "HostedZones": [_render_zone(zone) for zone in page.items],
            "Marker": marker,
            "IsTruncated": page.next is not None,
            "MaxItems": str(size),
            **following,
        }
    )


async def list_hosted_zones_by_name(ports: ApiPorts, call: Call) -> Output:
    """ListHostedZonesByName: by name with its labels reversed, then by id."""
    name, zone_id = call.parameters.get("DNSName"), call.parameters.get("HostedZoneId")
    if zone_id and not name:
        raise AwsError("InvalidInput", "Invalid parameter : HostedZoneId needs a DNSName beside it.")
    start = (_domain_name(name), HostedZoneId(zone_id or "")) if name else None
    size = page_size(call.parameters.get("MaxItems"), MAX_ZONES_IN_PAGE)
    page = list_zones_by_name(ports.worlds.current.zones, start, size)
    given = {key: call.parameters[key] for key in ("DNSName", "HostedZoneId") if call.parameters.get(key)}
    following = (
        {}
        if page.next is None
        else {"NextDNSName": page.next.name.to_text(), "NextHostedZoneId": page.next.id}
    )
    return Output(
        {
            "HostedZones": [_render_zone(zone) for zone in page.items],
            "IsTruncated": page.next is not None,
            "MaxItems": str(size),
            **given,
            **following,
        }
    )


async def get_hosted_zone_count(ports: ApiPorts, _call: Call) -> Output:
    """GetHostedZoneCount."""
    return Output({"HostedZoneCount": len(ports.worlds.current.zones)})


async def update_hosted_zone_comment(ports: ApiPorts, call: Call) -> Output:
    """UpdateHostedZoneComment; without a comment the zone has none."""
    zone_id = HostedZoneId(call.parameters["Id"])
    comment = call.parameters.get("Comment") or ""

    def decide(world: World) -> ZoneCommentSet | Refusal:
        zone = find_zone(world.zones, zone_id)
        return zone if isinstance(zone, Refusal) else ZoneCommentSet(zone_id, comment)

    committed = committed_or_raise(await ports.worlds.commit(decide))
    return Output({"HostedZone": _render_zone(committed.world.zones[zone_id])})


async def delete_hosted_zone(ports: ApiPorts, call: Call) -> Output:
    """DeleteHostedZone: an empty one only (HZ-3)."""
    zone_id = HostedZoneId(call.parameters["Id"])
    submission = new_submission(ports)

    def decide(world: World) -> ZoneDeleted | Refusal:
        zone = find_zone(world.zones, zone_id)
        return zone if isinstance(zone, Refusal) else delete_zone(zone, submission)

    committed_or_raise(await ports.worlds.commit(decide))
    return Output({"ChangeInfo": render_submission(submission)})


ZONE_OPERATIONS: Final[Mapping[str, Operation]] = {
    "CreateHostedZone": create_hosted_zone,
    "GetHostedZone": get_hosted_zone,
    "ListHostedZones": list_hosted_zones,
    "ListHostedZonesByName": list_hosted_zones_by_name,
    "GetHostedZoneCount": get_hosted_zone_count,
    "UpdateHostedZoneComment": update_hosted_zone_comment,
    "DeleteHostedZone": delete_hosted_zone,
}


def found_zone(ports: ApiPorts, zone_id: str) -> HostedZone:
    """The zone with this id. Raises AwsError NoSuchHostedZone."""
    zone = find_zone(ports.worlds.current.zones, HostedZoneId(zone_id))
    if isinstance(zone, Refusal):
        raise AwsError(zone.code, zone.message)
    return zone


def _raise_if_private(call: Call) -> None:
    if call.parameters.get("VPC") or _config(call).get("PrivateZone"):
        raise AwsError(
            "InvalidInput", "This engine serves public hosted zones only: it has no VPC and no PrivateZone."
        )


def _raise_if_delegation_set(call: Call) -> None:
    asked = call.parameters.get("DelegationSetId")
    if asked:
        raise AwsError("NoSuchDelegationSet", f"A reusable delegation set with id {asked} does not exist.")


def _config(call: Call) -> Mapping[str, Any]:
    return call.parameters.get("HostedZoneConfig") or {}


def _domain_name(text: str) -> DomainName:
    try:
        return DomainName.from_text(text)
    except InvalidName as error:
        raise AwsError("InvalidDomainName", str(error)) from error


def _name_servers(ports: ApiPorts) -> tuple[DomainName, ...]:
    chosen = tuple(DomainName.from_text(each) for each in ports.settings.name_servers)
    return chosen or default_name_servers(ports.die.octets(CHANCE_OCTETS))


def _render_zone(zone: HostedZone) -> Mapping[str, Any]:
    comment = {"Comment": zone.comment} if zone.comment else {}
    return {
        "Id": f"/hostedzone/{zone.id}",
        "Name": zone.name.to_text(),
        "CallerReference": zone.caller_reference,
        "Config": {**comment, "PrivateZone": False},
        "ResourceRecordSetCount": zone.record_set_count,
    }


def _render_delegation_set(zone: HostedZone) -> Mapping[str, Any]:
    return {"NameServers": [each.to_text().removesuffix(".") for each in zone.name_servers]}
