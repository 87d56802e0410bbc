"""Whose the primary's addresses are, as EC2 knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import dns.resolver
from dns.exception import DNSException

from stillup.lint.live import PublicAddress
from stillup.provision.live.question import NotAsked, Question

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client

_REVERSE: Final = re.compile(
    r"ec2-[0-9-]+\.(?:(?P<region>[a-z0-9-]+)\.compute|compute-1)\.amazonaws\.com(?:\.cn)?\."
)
_WITHIN: Final = 2.0
"""Seconds for a reverse look-up."""


def read_addresses(question: Question) -> dict[str, PublicAddress]:
    """By address. Raises NotAsked and ClientError."""
    addresses = question.public_addresses()
    if not addresses:
        raise NotAsked
    found = {}
    for address in addresses:
        region = None if question.is_engine else _region(address)
        found[address] = _look_up(question.account.ec2(region), address, is_ec2=region is not None)
    return found


def _region(address: str) -> str | None:
    """The Region that EC2's reverse name tells; None for an address that is not EC2's."""
    try:
        [name, *_] = dns.resolver.resolve_address(address, lifetime=_WITHIN)
    except (DNSException, ValueError):
        return None
    found = _REVERSE.fullmatch(name.to_text())
    return None if found is None else found["region"] or "us-east-1"


def _look_up(ec2: EC2Client, address: str, *, is_ec2: bool) -> PublicAddress:
    listed = ec2.describe_addresses(Filters=[{"Name": "public-ip", "Values": [address]}])["Addresses"]
    for each in listed:
        is_associated = bool(
            each.get("AssociationId") or each.get("InstanceId") or each.get("NetworkInterfaceId")
        )
        return PublicAddress(
            is_ec2=True,
            is_ours=True,
            is_elastic=True,
            is_associated=is_associated,
            instance=each.get("InstanceId") or None,
        )
    running = ec2.describe_instances(Filters=[{"Name": "ip-address", "Values": [address]}])["Reservations"]
    for reservation in running:
        for instance in reservation.get("Instances", []):
            return PublicAddress(is_ec2=True, is_ours=True, instance=instance.get("InstanceId"))
    return PublicAddress(is_ec2=is_ec2, is_ours=False)
