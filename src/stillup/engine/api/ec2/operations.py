"""Every EC2 operation that the engine knows.

Error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.ec2.members import (
    address_members,
    derived_id,
    instance_members,
    state_members,
    status_members,
)
from stillup.engine.api.ec2.selection import (
    ADDRESS_FILTERS,
    INSTANCE_FILTERS,
    STATUS_FILTERS,
    filtered,
    named,
    page_of,
)
from stillup.engine.ports import InstanceState
from stillup.rules.changes import Change, InstanceWanted
from stillup.rules.world import World
from stillup.wire.aws.messages import AwsError, Output


async def describe_instances(ports: ApiPorts, call: Call) -> Output:
    """DescribeInstances; each instance has a reservation of its own."""
    _raise_if_dry_run(call)
    candidates = named(ports, call.parameters.get("InstanceIds", []))
    found = filtered(candidates, call, INSTANCE_FILTERS, ports)
    page, token = page_of(found, call)
    return Output(
        {
            "Reservations": [
                {
                    "ReservationId": derived_id("r", instance),
                    "OwnerId": ports.settings.account_id,
                    "Groups": [],
                    "Instances": [instance_members(instance, ports)],
                }
                for instance in page
            ],
            **token,
        }
    )


async def describe_instance_status(ports: ApiPorts, call: Call) -> Output:
    """DescribeInstanceStatus; only running instances unless IncludeAllInstances."""
    _raise_if_dry_run(call)
    candidates = named(ports, call.parameters.get("InstanceIds", []))
    if not call.parameters.get("IncludeAllInstances", False):
        candidates = [instance for instance in candidates if instance.state is InstanceState.RUNNING]
    found = filtered(candidates, call, STATUS_FILTERS, ports)
    page, token = page_of(found, call)
    return Output({"InstanceStatuses": [status_members(instance, ports) for instance in page], **token})


async def start_instances(ports: ApiPorts, call: Call) -> Output:
    """StartInstances; nothing happens to those that run."""
    return Output({"StartingInstances": await _want(ports, call, running=True)})


async def stop_instances(ports: ApiPorts, call: Call) -> Output:
    """StopInstances, whether or not by force; nothing happens to those that are stopped."""
    return Output({"StoppingInstances": await _want(ports, call, running=False)})


async def describe_addresses(ports: ApiPorts, call: Call) -> Output:
    """DescribeAddresses: the declared public address of each instance is an Elastic IP address."""
    _raise_if_dry_run(call)
    owners = [instance for instance in ports.instances.describe() if instance.public_ip is not None]
    wanted_ips = call.parameters.get("PublicIps", [])
    wanted_ids = call.parameters.get("AllocationIds", [])
    for ip in wanted_ips:
        if ip not in [instance.public_ip for instance in owners]:
            raise AwsError("InvalidAddress.NotFound", f"Address '{ip}' not found.")
    for wanted in wanted_ids:
        if wanted not in [derived_id("eipalloc", instance) for instance in owners]:
            message = f"The allocation ID '{wanted}' does not exist"
            raise AwsError("InvalidAllocationID.NotFound", message)
    candidates = [
        instance
        for instance in owners
        if (not wanted_ips or instance.public_ip in wanted_ips)
        and (not wanted_ids or derived_id("eipalloc", instance) in wanted_ids)
    ]
    found = filtered(candidates, call, ADDRESS_FILTERS, ports)
    return Output({"Addresses": [address_members(instance, ports) for instance in found]})


async def _want(ports: ApiPorts, call: Call, *, running: bool) -> list[dict[str, Any]]:
    ids = call.parameters.get("InstanceIds", [])
    if not ids:
        raise AwsError("MissingParameter", "The request must contain the parameter InstanceId")
    before = named(ports, ids)
    for instance in before:
        if running and instance.state is InstanceState.STOPPING:
            message = f"The instance '{instance.id}' is not in a state from which it can be started"
            raise AwsError("IncorrectInstanceState", f"{message}.")
    _raise_if_dry_run(call)
    for instance in before:
        await _commit(ports, InstanceWanted(instance.id, running))
    return [
        {
            "InstanceId": was.id,
            "PreviousState": state_members(was.state),
            "CurrentState": state_members(now.state),
        }
        for was, now in zip(before, named(ports, ids), strict=True)
    ]


async def _commit(ports: ApiPorts, change: InstanceWanted) -> None:
    def decide(world: World) -> Change | None:
        is_so = change.running is (change.instance_id not in world.stopped_instances)
        return None if is_so else change

    committed_or_raise(await ports.worlds.commit(decide))


def _raise_if_dry_run(call: Call) -> None:
    if call.parameters.get("DryRun", False):
        message = "Request would have succeeded, but DryRun flag is set."
        raise AwsError("DryRunOperation", message, status=412)


EC2_OPERATIONS: Final[Mapping[str, Operation]] = {
    "DescribeAddresses": describe_addresses,
    "DescribeInstanceStatus": describe_instance_status,
    "DescribeInstances": describe_instances,
    "StartInstances": start_instances,
    "StopInstances": stop_instances,
}
