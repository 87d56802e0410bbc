"""The primary's instances, and what their security groups let in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from stillup.lint.live import Ingress, Instance
from stillup.provision.live.question import NotAsked, Question

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client


def read_instances(question: Question) -> dict[str, Instance]:
    """By id: those of the plan, and those that have the primary's addresses. Raises NotAsked and ClientError."""
    named = () if question.typed is None else question.typed.primary.instances
    addresses = question.public_addresses()
    if not named and not addresses:
        raise NotAsked
    ec2 = question.account.ec2()
    found = {}
    if named:
        found = {name: Instance(name, "missing") for name in named}
        found |= _listed(ec2, "instance-id", named)
    if addresses:
        found |= _listed(ec2, "ip-address", addresses)
    return found


def _listed(ec2: EC2Client, by: str, values: Iterable[str]) -> dict[str, Instance]:
    listed = ec2.describe_instances(Filters=[{"Name": by, "Values": list(values)}])["Reservations"]
    instances = [each for reservation in listed for each in reservation.get("Instances", [])]
    return {
        each["InstanceId"]: Instance(
            id=each["InstanceId"],
            state=each["State"]["Name"],
            ingress=_ingress(ec2, [group["GroupId"] for group in each.get("SecurityGroups", [])]),
        )
        for each in instances
    }


def _ingress(ec2: EC2Client, groups: list[str]) -> tuple[Ingress, ...] | None:
    """None where there are no groups, as on an engine, or where we may not look at them."""
    if not groups:
        return None
    try:
        described = ec2.describe_security_groups(GroupIds=groups)["SecurityGroups"]
        rules = [rule for group in described for rule in group.get("IpPermissions", [])]
        names = _list_names(ec2, rules)
    except ClientError:
        return None
    return tuple(
        Ingress(
            protocol=rule["IpProtocol"],
            from_port=rule.get("FromPort"),
            to_port=rule.get("ToPort"),
            networks=(
                *(each["CidrIp"] for each in rule.get("IpRanges", [])),
                *(each["CidrIpv6"] for each in rule.get("Ipv6Ranges", [])),
            ),
            prefix_lists=tuple(
                names.get(each["PrefixListId"], each["PrefixListId"])
                for each in rule.get("PrefixListIds", [])
            ),
        )
        for rule in rules
    )


def _list_names(ec2: EC2Client, rules: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    ids = {each["PrefixListId"] for rule in rules for each in rule.get("PrefixListIds", [])}
    if not ids:
        return {}
    listed = ec2.describe_managed_prefix_lists(PrefixListIds=sorted(ids))["PrefixLists"]
    return {each["PrefixListId"]: each["PrefixListName"] for each in listed}
