"""The hosted zone, by its name, its id, or as the one that a failover's name is in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stillup.plan.setup import Zone
from stillup.provision.errors import ProvisionFailed

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client
    from mypy_boto3_route53.type_defs import HostedZoneTypeDef

_ID: Final = re.compile(r"(?:/hostedzone/)?(Z[A-Z0-9]{3,31})")
"""Upper case only, so that a name such as `zoo` is none."""
_AWS: Final = "https://route53."
"""How the addresses of AWS's own endpoints begin, those of China and GovCloud included."""


def read_zone(route53: Route53Client, zone: str) -> Zone:
    """The zone with this name or id; of several with the name the public one, if there is but one.

    Raises ProvisionFailed where that is no zone, or several. Raises ClientError.
    """
    by_id = _ID.fullmatch(zone)
    if by_id is not None:
        return _described(route53, by_id[1])
    found = _named(route53, zone)
    if not found:
        raise ProvisionFailed(
            f"There is no hosted zone {zone} in this account.",
            f"Correct `zone`, `--profile` or `--endpoint-url`, or make it: `{_how_to_make(route53, zone)}`.",
        )
    return _described(route53, _only_id(zone, found))


def _how_to_make(route53: Route53Client, name: str) -> str:
    command = f'aws route53 create-hosted-zone --name {name} --caller-reference "$(date)"'
    endpoint = route53.meta.endpoint_url
    return command if endpoint.startswith(_AWS) else f"{command} --endpoint-url {endpoint}"


def zone_around(route53: Route53Client, name: str) -> Zone:
    """The zone that the name is in: the one with the longest name. Raises as `read_zone`."""
    labels = name.split(".")
    for start in range(len(labels) - 1):
        candidate = ".".join(labels[start:])
        found = _named(route53, candidate)
        if found:
            return _described(route53, _only_id(candidate, found))
    raise ProvisionFailed(
        f"No hosted zone of this account holds {name}.",
        "Is it another account's, or another `--endpoint-url`?",
    )


def _named(route53: Route53Client, name: str) -> list[HostedZoneTypeDef]:
    wanted = name.lower().removesuffix(".")
    found: list[HostedZoneTypeDef] = []
    page = route53.list_hosted_zones_by_name(DNSName=wanted)
    while True:
        same = [each for each in page["HostedZones"] if _plain(each["Name"]) == wanted]
        found += same
        # Names come in order: where another one begins, there are no more of these.
        if not page.get("IsTruncated") or len(same) < len(page["HostedZones"]):
            return found
        page = route53.list_hosted_zones_by_name(
            DNSName=page["NextDNSName"], HostedZoneId=page["NextHostedZoneId"]
        )


def _only_id(name: str, found: list[HostedZoneTypeDef]) -> str:
    public = [each for each in found if not each.get("Config", {}).get("PrivateZone", False)]
    candidates = public or found
    if len(candidates) == 1:
        return candidates[0]["Id"]
    listed = ", ".join(sorted(each["Id"].removeprefix("/hostedzone/") for each in candidates))
    raise ProvisionFailed(
        f"There are {len(candidates)} hosted zones {name}: {listed}.",
        "Name the one that the registrar delegates to by its id: `zone: Z…`.",
    )


def _described(route53: Route53Client, zone_id: str) -> Zone:
    answer = route53.get_hosted_zone(Id=zone_id)
    zone = answer["HostedZone"]
    servers = answer.get("DelegationSet", {}).get("NameServers", [])
    plain_id = zone["Id"].removeprefix("/hostedzone/")
    return Zone(
        name=_plain(zone["Name"]),
        id=plain_id,
        is_private=bool(zone.get("Config", {}).get("PrivateZone", False)),
        name_servers=tuple(servers),
        negative_ttl=_negative_ttl(route53, plain_id, zone["Name"]),
    )


def _negative_ttl(route53: Route53Client, zone_id: str, apex: str) -> int | None:
    """The lesser of the SOA's TTL and MINIMUM (RFC 2308 §5); None where there is no such SOA."""
    listed = route53.list_resource_record_sets(
        HostedZoneId=zone_id, StartRecordName=apex, StartRecordType="SOA", MaxItems="1"
    )
    for each in listed["ResourceRecordSets"]:
        if each["Type"] == "SOA":
            minimum = each["ResourceRecords"][0]["Value"].split()[-1]
            return min(each["TTL"], int(minimum)) if minimum.isdecimal() else None
    return None


def _plain(name: str) -> str:
    return name.lower().removesuffix(".")
