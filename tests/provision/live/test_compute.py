"""Whose the primary's addresses are, and who is let in: as moto's EC2 tells."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from stillup.lint.examples import HELD_PRIMARY
from stillup.lint.live import Ingress
from stillup.lint.rules_live.worked import HELD, INSTANCE, TYPED_INSTANCE
from stillup.plan.file.plan_file import PlanFile
from stillup.plan.setup import Setup
from stillup.provision.account import Account
from stillup.provision.live.addresses import read_addresses
from stillup.provision.live.instances import read_instances
from stillup.provision.live.question import Question
from tests.provision.live.questions import question

pytestmark = pytest.mark.slow


def _about(account: Account, address: str) -> Question:
    setup: Setup = replace(HELD, records=(replace(HELD_PRIMARY, values=(address,)),))
    return question(setup, account=account)


@pytest.fixture(scope="module")
def instance(moto: Account) -> tuple[str, str]:
    """An instance that lets everybody in at port 80; its id and its public address."""
    ec2 = moto.ec2()
    group = ec2.create_security_group(GroupName="web", Description="web")["GroupId"]
    anybody = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[anybody])  # type: ignore[list-item]
    [made] = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SecurityGroupIds=[group])[
        "Instances"
    ]
    [reservation] = ec2.describe_instances(InstanceIds=[made["InstanceId"]])["Reservations"]
    return made["InstanceId"], reservation["Instances"][0]["PublicIpAddress"]


def test_an_address_of_an_instance_is_told_from_an_elastic_one(
    moto: Account, instance: tuple[str, str]
) -> None:
    name, public = instance
    ec2 = moto.ec2()
    allocated = ec2.allocate_address(Domain="vpc")

    plain = read_addresses(_about(moto, public))[public]
    loose = read_addresses(_about(moto, allocated["PublicIp"]))[allocated["PublicIp"]]
    ec2.associate_address(InstanceId=name, AllocationId=allocated["AllocationId"])
    bound = read_addresses(_about(moto, allocated["PublicIp"]))[allocated["PublicIp"]]
    ec2.disassociate_address(PublicIp=allocated["PublicIp"])
    ec2.release_address(AllocationId=allocated["AllocationId"])

    assert (plain.is_ours, plain.is_elastic, plain.instance) == (True, False, name)
    assert (loose.is_ours, loose.is_elastic, loose.is_associated) == (True, True, False)
    assert (bound.is_elastic, bound.is_associated, bound.instance) == (True, True, name)


def test_an_address_that_the_account_does_not_hold_is_not_its_own(moto: Account) -> None:
    assert not read_addresses(_about(moto, "203.0.113.10"))["203.0.113.10"].is_ours


def test_instances_are_told_with_what_their_groups_let_in_or_as_missing(
    moto: Account, instance: tuple[str, str]
) -> None:
    name, _ = instance
    plan = yaml.safe_load(TYPED_INSTANCE.replace(INSTANCE, f"{name}, {INSTANCE}"))
    asked = replace(_about(moto, "203.0.113.10"), typed=PlanFile.model_validate(plan).failovers[0])

    found = read_instances(asked)

    assert (found[name].state, found[INSTANCE].state) == ("running", "missing")
    assert found[name].ingress is not None
    assert Ingress("tcp", 80, 80, ("0.0.0.0/0",)) in found[name].ingress
