"""How instances, their statuses and their addresses are told."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

from stillup.engine.api.call import ApiPorts
from stillup.engine.ports import Instance, InstanceState

_CODES: Final = {
    InstanceState.PENDING: 0,
    InstanceState.RUNNING: 16,
    InstanceState.STOPPING: 64,
    InstanceState.STOPPED: 80,
}


def state_members(state: InstanceState) -> dict[str, Any]:
    """InstanceState."""
    return {"Code": _CODES[state], "Name": state.value}


def _tag_members(instance: Instance) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in instance.tags.items()]


def availability_zone(ports: ApiPorts) -> str:
    """Where all instances are."""
    return f"{ports.settings.region}a"


def derived_id(prefix: str, instance: Instance) -> str:
    """The id of something that exists only beside an instance."""
    return f"{prefix}-{blake2b(f'{prefix} {instance.id}'.encode(), digest_size=9).hexdigest()[:17]}"


def instance_members(instance: Instance, ports: ApiPorts) -> dict[str, Any]:
    """Instance. What a local process does not have, an image or a type, is left out."""
    members: dict[str, Any] = {
        "AmiLaunchIndex": 0,
        "BlockDeviceMappings": [],
        "InstanceId": instance.id,
        "LaunchTime": instance.launched_at,
        "Monitoring": {"State": "disabled"},
        "NetworkInterfaces": [],
        "Placement": {"AvailabilityZone": availability_zone(ports), "GroupName": "", "Tenancy": "default"},
        "PrivateDnsName": "",
        "PrivateIpAddress": instance.private_ip,
        "ProductCodes": [],
        "PublicDnsName": "",
        "SecurityGroups": [],
        "State": state_members(instance.state),
        "StateTransitionReason": "",
        "Tags": _tag_members(instance),
    }
    if instance.public_ip is not None:
        members["PublicIpAddress"] = instance.public_ip
    if instance.state in (InstanceState.STOPPING, InstanceState.STOPPED):
        reason = "Client.UserInitiatedShutdown"
        members["StateReason"] = {"Code": reason, "Message": f"{reason}: User initiated shutdown"}
        members["StateTransitionReason"] = "User initiated"
    return members


def status_members(instance: Instance, ports: ApiPorts) -> dict[str, Any]:
    """InstanceStatus. The system is always well; the instance is while its process lives."""
    return {
        "AvailabilityZone": availability_zone(ports),
        "Events": [],
        "InstanceId": instance.id,
        "InstanceState": state_members(instance.state),
        "InstanceStatus": _summary(instance, is_well=instance.reachable),
        "SystemStatus": _summary(instance, is_well=True),
    }


def _summary(instance: Instance, *, is_well: bool) -> dict[str, Any]:
    """
    state      well     status          reachability
    running    yes      ok              passed
    running    no       impaired        failed
    pending    -        initializing    initializing
    others     -        not-applicable  (none)
    """
    match instance.state:
        case InstanceState.RUNNING:
            status, reachability = ("ok", "passed") if is_well else ("impaired", "failed")
        case InstanceState.PENDING:
            status = reachability = "initializing"
        case _:
            return {"Status": "not-applicable"}
    return {"Status": status, "Details": [{"Name": "reachability", "Status": reachability}]}


def address_members(instance: Instance, ports: ApiPorts) -> dict[str, Any]:
    """Address, of an instance that has one."""
    return {
        "AllocationId": derived_id("eipalloc", instance),
        "AssociationId": derived_id("eipassoc", instance),
        "Domain": "vpc",
        "InstanceId": instance.id,
        "NetworkBorderGroup": ports.settings.region,
        "PrivateIpAddress": instance.private_ip,
        "PublicIp": instance.public_ip,
        "PublicIpv4Pool": "amazon",
        "Tags": [],
    }
