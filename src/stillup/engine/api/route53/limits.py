"""What Route 53's quotas are and how much of them is used (CH-4, HC-46)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.route53.zones import found_zone
from stillup.rules.health.lifecycle import MOST_HEALTH_CHECKS
from stillup.rules.zones.batch_limits import MAX_RECORD_SETS
from stillup.rules.zones.lifecycle import MAX_ZONES
from stillup.wire.aws.messages import AwsError, Output


async def get_hosted_zone_limit(ports: ApiPorts, call: Call) -> Output:
    """GetHostedZoneLimit: record sets; VPCs are for private zones, and there is none."""
    zone = found_zone(ports, call.parameters["HostedZoneId"])
    limit = call.parameters["Type"]
    if limit != "MAX_RRSETS_BY_ZONE":
        raise AwsError("HostedZoneNotPrivate", f"The hosted zone {zone.id} is public: it has no {limit}.")
    return Output({"Limit": {"Type": limit, "Value": MAX_RECORD_SETS}, "Count": zone.record_set_count})


async def get_account_limit(ports: ApiPorts, call: Call) -> Output:
    """GetAccountLimit, for what this engine has."""
    limit = call.parameters["Type"]
    world = ports.worlds.current
    match limit:
        case "MAX_HOSTED_ZONES_BY_OWNER":
            value, count = MAX_ZONES, len(world.zones)
        case "MAX_HEALTH_CHECKS_BY_OWNER":
            value, count = MOST_HEALTH_CHECKS, len(world.health_checks)
        case _:
            raise AwsError("InvalidInput", f"Invalid parameter : this engine has no {limit}.")
    return Output({"Limit": {"Type": limit, "Value": value}, "Count": count})


LIMIT_OPERATIONS: Final[Mapping[str, Operation]] = {
    "GetHostedZoneLimit": get_hosted_zone_limit,
    "GetAccountLimit": get_account_limit,
}
