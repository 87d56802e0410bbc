"""EC2's operations on a few instances; every output is rendered and read again by botocore."""

from __future__ import annotations

import string
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import botocore.session
import pytest
from botocore.parsers import create_parser
from botocore.validate import ParamValidator
from botocore.waiter import WaiterModel
from hypothesis import given
from hypothesis import strategies as st

from stillup.engine.api.call import Call
from stillup.engine.api.ec2 import EC2_OPERATIONS
from stillup.engine.ports import Instance, InstanceState
from stillup.rules.changes import Change, InstanceWanted
from stillup.rules.world import World
from stillup.wire.aws import ec2
from stillup.wire.aws.messages import AwsError, HttpRequest, Output
from tests.fakes import ROOT, FakeWorlds, api_ports

SESSION: Any = botocore.session.get_session()
MODEL: Any = SESSION.get_service_model("ec2")
WEB, API, OLD = "i-0123456789abcdef0", "i-0123456789abcdef1", "i-89abcdef"
RUNNING = {"Code": 16, "Name": "running"}
STOPPED = {"Code": 80, "Name": "stopped"}


class FakeInstances:
    """Instances that are on their way as soon as the world says so."""

    def __init__(self, worlds: FakeWorlds) -> None:
        running, stopped = InstanceState.RUNNING, InstanceState.STOPPED
        self.all = [
            Instance(WEB, running, 1.7e9, "203.0.113.10", "10.0.0.10", {"Name": "web", "Team": "a"}),
            Instance(API, running, 1.7e9, None, "10.0.0.11", {"Name": "api"}, reachable=False),
            Instance(OLD, stopped, 1.7e9, "203.0.113.12", "10.0.0.12", {}),
        ]
        worlds.subscribe(self._follow)

    def describe(self) -> Sequence[Instance]:
        return self.all

    def _follow(self, world: World, changes: Sequence[Change]) -> None:
        for change in changes:
            assert isinstance(change, InstanceWanted)
            after = InstanceState.PENDING if change.running else InstanceState.STOPPING
            self.all = [
                replace(each, state=after) if each.id == change.instance_id else each for each in self.all
            ]


async def no_body() -> AsyncIterator[bytes]:
    for chunk in cast("tuple[bytes, ...]", ()):
        yield chunk


class Ec2:
    """The operations, called as the listener calls them and answered as a client reads them."""

    def __init__(self) -> None:
        self.worlds = FakeWorlds(World(stopped_instances=frozenset({OLD})))
        self.instances = FakeInstances(self.worlds)
        self.ports = api_ports(worlds=self.worlds, instances=self.instances)

    async def __call__(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        request = HttpRequest("POST", "/", "", {})
        call = Call(
            "ec2", operation, parameters, request, "id", "us-east-1", None, no_body(), ROOT, "127.0.0.1"
        )
        output = await EC2_OPERATIONS[operation](self.ports, call)
        assert isinstance(output, Output)
        model = MODEL.operation_model(operation)
        report = ParamValidator().validate(output.members, model.output_shape)
        assert not report.has_errors(), report.generate_report()
        response = ec2.render(model, output, "id")
        parsed = create_parser("ec2").parse(
            {"body": response.body, "headers": response.headers, "status_code": 200}, model.output_shape
        )
        del parsed["ResponseMetadata"]
        return parsed

    async def ids(self, **parameters: Any) -> list[str]:
        found = await self("DescribeInstances", **parameters)
        return [each["Instances"][0]["InstanceId"] for each in found["Reservations"]]

    async def refused(self, operation: str, **parameters: Any) -> tuple[str, str]:
        with pytest.raises(AwsError) as raised:
            await self(operation, **parameters)
        return raised.value.code, raised.value.message


@pytest.fixture
def api() -> Ec2:
    return Ec2()


async def test_an_instance_is_described(api: Ec2) -> None:
    found = await api("DescribeInstances", InstanceIds=[WEB])
    (reservation,) = found["Reservations"]
    (instance,) = reservation["Instances"]
    assert reservation["OwnerId"] == "123456789012"
    assert instance["State"] == RUNNING
    assert (instance["PublicIpAddress"], instance["PrivateIpAddress"]) == ("203.0.113.10", "10.0.0.10")
    assert instance["Tags"] == [{"Key": "Name", "Value": "web"}, {"Key": "Team", "Value": "a"}]
    assert instance["Placement"]["AvailabilityZone"] == "us-east-1a"
    assert instance["LaunchTime"].timestamp() == 1.7e9


async def test_all_instances_come_in_the_order_of_the_config_file(api: Ec2) -> None:
    assert await api.ids() == [WEB, API, OLD]
    assert await api.ids(InstanceIds=[OLD, WEB]) == [WEB, OLD]


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("instance-id", [WEB, OLD], [WEB, OLD]),
        ("instance-state-name", ["running"], [WEB, API]),
        ("instance-state-name", ["running", "stopped"], [WEB, API, OLD]),
        ("instance-state-code", ["80"], [OLD]),
        ("tag:Name", ["w*"], [WEB]),
        ("tag:Name", ["?pi", "none"], [API]),
        ("tag:Name", ["[w]eb"], []),
        ("tag:name", ["web"], []),
        ("tag-key", ["Name"], [WEB, API]),
        ("ip-address", ["203.0.113.*"], [WEB, OLD]),
        ("private-ip-address", ["10.0.0.11"], [API]),
        ("availability-zone", ["us-east-1a"], [WEB, API, OLD]),
        ("owner-id", ["000000000000"], []),
        ("tag:Name", [], []),
    ],
)
async def test_a_filter_lets_through_what_matches(
    api: Ec2, name: str, values: list[str], expected: list[str]
) -> None:
    assert await api.ids(Filters=[{"Name": name, "Values": values}]) == expected


async def test_an_instance_must_match_every_filter(api: Ec2) -> None:
    filters = [{"Name": "tag:Name", "Values": ["*"]}, {"Name": "ip-address", "Values": ["*"]}]
    assert await api.ids(Filters=filters) == [WEB]


async def test_an_unknown_filter_is_refused_and_not_ignored(api: Ec2) -> None:
    filters = [{"Name": "phase-of-the-moon", "Values": ["full"]}]
    code, message = await api.refused("DescribeInstances", Filters=filters)
    assert (code, message) == ("InvalidParameterValue", "The filter 'phase-of-the-moon' is invalid")


async def test_a_filter_without_a_name_is_refused(api: Ec2) -> None:
    code, message = await api.refused("DescribeInstances", Filters=[{"Values": ["full"]}])
    assert (code, message) == ("InvalidParameterValue", "The filter 'null' is invalid")


@pytest.mark.parametrize("operation", [name for name in EC2_OPERATIONS if name != "DescribeAddresses"])
async def test_ids_that_are_unknown_or_malformed_are_refused(api: Ec2, operation: str) -> None:
    assert await api.refused(operation, InstanceIds=[WEB, "i-00000000"]) == (
        "InvalidInstanceID.NotFound",
        "The instance ID 'i-00000000' does not exist",
    )
    assert await api.refused(operation, InstanceIds=["i-00000000", "i-00000001"]) == (
        "InvalidInstanceID.NotFound",
        "The instance IDs 'i-00000000, i-00000001' do not exist",
    )
    assert await api.refused(operation, InstanceIds=["web"]) == (
        "InvalidInstanceID.Malformed",
        'Invalid id: "web"',
    )
    assert api.worlds.changes == []


async def test_instances_are_paged(api: Ec2) -> None:
    api.instances.all = [replace(api.instances.all[0], id=f"i-{number:08x}") for number in range(12)]
    seen: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = await api("DescribeInstances", MaxResults=5, **token)
        seen += [each["Instances"][0]["InstanceId"] for each in page["Reservations"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert seen == [f"i-{number:08x}" for number in range(12)]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"MaxResults": 4}, "InvalidParameterValue"),
        ({"MaxResults": 5, "InstanceIds": [WEB]}, "InvalidParameterCombination"),
        ({"NextToken": "nonsense"}, "InvalidPaginationToken"),
    ],
)
async def test_wrong_paging_is_refused(api: Ec2, parameters: dict[str, Any], code: str) -> None:
    assert (await api.refused("DescribeInstances", **parameters))[0] == code


@given(st.text(string.printable))
async def test_any_token_gives_a_page_or_a_refusal(token: str) -> None:
    try:
        await Ec2()("DescribeInstances", NextToken=token)
    except AwsError as refused:
        assert refused.code == "InvalidPaginationToken"


async def test_the_status_tells_of_a_dead_process(api: Ec2) -> None:
    web, dead = (await api("DescribeInstanceStatus"))["InstanceStatuses"]
    assert (web["InstanceId"], web["InstanceStatus"]["Status"]) == (WEB, "ok")
    assert web["InstanceStatus"]["Details"] == [{"Name": "reachability", "Status": "passed"}]
    assert (dead["InstanceId"], dead["InstanceStatus"]["Status"]) == (API, "impaired")
    assert dead["SystemStatus"]["Status"] == "ok"


async def test_the_status_of_stopped_instances_is_told_when_asked_for(api: Ec2) -> None:
    found = await api("DescribeInstanceStatus", IncludeAllInstances=True)
    assert [each["InstanceStatus"]["Status"] for each in found["InstanceStatuses"]] == [
        "ok",
        "impaired",
        "not-applicable",
    ]
    filters = [{"Name": "instance-status.status", "Values": ["impaired"]}]
    found = await api("DescribeInstanceStatus", Filters=filters)
    assert [each["InstanceId"] for each in found["InstanceStatuses"]] == [API]


async def test_stopping_tells_the_state_before_and_the_state_now(api: Ec2) -> None:
    found = await api("StopInstances", InstanceIds=[WEB, OLD])
    assert found["StoppingInstances"] == [
        {"InstanceId": WEB, "PreviousState": RUNNING, "CurrentState": {"Code": 64, "Name": "stopping"}},
        {"InstanceId": OLD, "PreviousState": STOPPED, "CurrentState": STOPPED},
    ]
    assert api.worlds.changes == [InstanceWanted(WEB, running=False)]
    assert api.worlds.current.stopped_instances == {WEB, OLD}


async def test_starting_tells_the_state_before_and_the_state_now(api: Ec2) -> None:
    found = await api("StartInstances", InstanceIds=[WEB, OLD])
    assert found["StartingInstances"] == [
        {"InstanceId": WEB, "PreviousState": RUNNING, "CurrentState": RUNNING},
        {"InstanceId": OLD, "PreviousState": STOPPED, "CurrentState": {"Code": 0, "Name": "pending"}},
    ]
    assert api.worlds.changes == [InstanceWanted(OLD, running=True)]


async def test_stopping_twice_is_stopping_once(api: Ec2) -> None:
    await api("StopInstances", InstanceIds=[WEB])
    (again,) = (await api("StopInstances", InstanceIds=[WEB]))["StoppingInstances"]
    assert again["PreviousState"] == again["CurrentState"] == {"Code": 64, "Name": "stopping"}
    assert len(api.worlds.changes) == 1


async def test_an_instance_that_is_stopping_cannot_be_started(api: Ec2) -> None:
    await api("StopInstances", InstanceIds=[WEB])
    code, message = await api.refused("StartInstances", InstanceIds=[OLD, WEB])
    assert code == "IncorrectInstanceState"
    assert message == f"The instance '{WEB}' is not in a state from which it can be started."
    assert len(api.worlds.changes) == 1


async def test_a_request_without_ids_is_refused(api: Ec2) -> None:
    assert (await api.refused("StopInstances"))[0] == "MissingParameter"


@pytest.mark.parametrize("operation", EC2_OPERATIONS)
async def test_a_dry_run_changes_nothing_and_says_what_would_be(api: Ec2, operation: str) -> None:
    ids = {} if operation == "DescribeAddresses" else {"InstanceIds": [WEB]}
    code, message = await api.refused(operation, DryRun=True, **ids)
    assert (code, message) == (
        "DryRunOperation",
        "Request would have succeeded, but DryRun flag is set.",
    )
    assert api.worlds.changes == []


async def test_public_addresses_are_elastic_ips(api: Ec2) -> None:
    addresses = (await api("DescribeAddresses"))["Addresses"]
    assert [(each["PublicIp"], each["InstanceId"]) for each in addresses] == [
        ("203.0.113.10", WEB),
        ("203.0.113.12", OLD),
    ]
    by_id = await api("DescribeAddresses", AllocationIds=[addresses[1]["AllocationId"]])
    assert by_id["Addresses"] == addresses[1:]
    by_ip = await api("DescribeAddresses", PublicIps=["203.0.113.10"])
    assert by_ip["Addresses"] == addresses[:1]
    filters = [{"Name": "instance-id", "Values": [OLD]}]
    assert (await api("DescribeAddresses", Filters=filters))["Addresses"] == addresses[1:]


async def test_unknown_addresses_are_refused(api: Ec2) -> None:
    assert await api.refused("DescribeAddresses", PublicIps=["192.0.2.1"]) == (
        "InvalidAddress.NotFound",
        "Address '192.0.2.1' not found.",
    )
    assert (await api.refused("DescribeAddresses", AllocationIds=["eipalloc-0"]))[0] == (
        "InvalidAllocationID.NotFound"
    )


@pytest.mark.parametrize(
    ("waiter", "state", "expected"),
    [
        ("InstanceRunning", InstanceState.RUNNING, "success"),
        ("InstanceRunning", InstanceState.PENDING, None),
        ("InstanceStopped", InstanceState.STOPPED, "success"),
        ("InstanceStopped", InstanceState.STOPPING, None),
    ],
)
async def test_waiters_read_the_state(
    api: Ec2, waiter: str, state: InstanceState, expected: str | None
) -> None:
    api.instances.all = [replace(each, state=state) for each in api.instances.all]
    found = await api("DescribeInstances")
    model: WaiterModel = SESSION.get_waiter_model("ec2")
    acceptors = model.get_waiter(waiter).acceptors
    outcomes = [acceptor.state for acceptor in acceptors if acceptor.matcher_func(found)]
    assert outcomes == ([expected] if expected else [])
