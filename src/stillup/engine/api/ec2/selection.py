"""Which instances a call is about: ids, filters, pages."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final, TypeAlias

from stillup.engine.api.call import ApiPorts, Call
from stillup.engine.api.ec2.members import availability_zone, derived_id, state_members, status_members
from stillup.engine.ports import Instance
from stillup.rules.ids import InstanceId
from stillup.wire.aws.messages import AwsError

_ID: Final = re.compile(r"i-([0-9a-f]{8}|[0-9a-f]{17})")
_PAGE: Final = range(5, 1001)
"""What MaxResults may be."""

Property: TypeAlias = Callable[[Instance, ApiPorts], list[str]]
Filters: TypeAlias = Mapping[str, Property]

_OF_BOTH: Final[Filters] = {
    "availability-zone": lambda _, ports: [availability_zone(ports)],
    "instance-id": lambda instance, _: [instance.id],
    "instance-state-code": lambda instance, _: [str(state_members(instance.state)["Code"])],
    "instance-state-name": lambda instance, _: [instance.state.value],
}
INSTANCE_FILTERS: Final[Filters] = {
    **_OF_BOTH,
    "ip-address": lambda instance, _: [instance.public_ip] if instance.public_ip else [],
    "owner-id": lambda _, ports: [ports.settings.account_id],
    "private-ip-address": lambda instance, _: [instance.private_ip],
    "reservation-id": lambda instance, _: [derived_id("r", instance)],
    "tag-key": lambda instance, _: list(instance.tags),
}
STATUS_FILTERS: Final[Filters] = {
    **_OF_BOTH,
    "instance-status.status": lambda instance, ports: [
        status_members(instance, ports)["InstanceStatus"]["Status"]
    ],
    "system-status.status": lambda instance, ports: [
        status_members(instance, ports)["SystemStatus"]["Status"]
    ],
}
ADDRESS_FILTERS: Final[Filters] = {
    "allocation-id": lambda instance, _: [derived_id("eipalloc", instance)],
    "association-id": lambda instance, _: [derived_id("eipassoc", instance)],
    "domain": lambda *_: ["vpc"],
    "instance-id": lambda instance, _: [instance.id],
    "network-border-group": lambda _, ports: [ports.settings.region],
    "private-ip-address": lambda instance, _: [instance.private_ip],
    "public-ip": lambda instance, _: [instance.public_ip] if instance.public_ip else [],
}


def named(ports: ApiPorts, ids: Sequence[str]) -> list[Instance]:
    """These instances, each once, in the order of the config file; all where none is named."""
    for wanted in ids:
        if not _ID.fullmatch(wanted):
            raise AwsError("InvalidInstanceID.Malformed", f'Invalid id: "{wanted}"')
    instances = ports.instances.describe()
    known = {instance.id for instance in instances}
    missing = [wanted for wanted in dict.fromkeys(ids) if InstanceId(wanted) not in known]
    if missing:
        subject = f"ID '{missing[0]}' does" if len(missing) == 1 else f"IDs '{', '.join(missing)}' do"
        raise AwsError("InvalidInstanceID.NotFound", f"The instance {subject} not exist")
    return [instance for instance in instances if not ids or instance.id in ids]


def filtered(instances: Sequence[Instance], call: Call, filters: Filters, ports: ApiPorts) -> list[Instance]:
    """Those that match every filter of the call in one of its values, in which `*` and `?` are wildcards."""
    wanted = [
        (_property(each.get("Name", "null"), filters), each.get("Values", []))
        for each in call.parameters.get("Filters", [])
    ]
    return [
        instance
        for instance in instances
        if all(_matches(values_of(instance, ports), patterns) for values_of, patterns in wanted)
    ]


def _property(name: str, filters: Filters) -> Property:
    if name.startswith("tag:"):
        key = name.removeprefix("tag:")
        return lambda instance, _: [instance.tags[key]] if key in instance.tags else []
    if name in filters:
        return filters[name]
    # EC2 knows more of them; to ignore one would be to answer with instances that nobody asked for.
    raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")


def _matches(values: Sequence[str], patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(value, pattern.replace("[", "[[]")) for value in values for pattern in patterns)


def page_of(instances: Sequence[Instance], call: Call) -> tuple[Sequence[Instance], dict[str, str]]:
    """A page, and the NextToken that leads to the next one."""
    size = call.parameters.get("MaxResults")
    token = call.parameters.get("NextToken")
    if size is None:
        size = _PAGE[-1]
    elif call.parameters.get("InstanceIds"):
        message = "The parameter instancesSet cannot be used with the parameter maxResults"
        raise AwsError("InvalidParameterCombination", message)
    elif size < _PAGE[0]:
        message = f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value greater than 5."
        raise AwsError("InvalidParameterValue", message)
    start = _position(token, instances) if token else 0
    page = instances[start : start + min(size, _PAGE[-1])]
    if start + len(page) == len(instances):
        return page, {}
    return page, {"NextToken": urlsafe_b64encode(page[-1].id.encode()).decode()}


def _position(token: str, instances: Sequence[Instance]) -> int:
    try:
        last = urlsafe_b64decode(token).decode()
        return [instance.id for instance in instances].index(InstanceId(last)) + 1
    except (binascii.Error, ValueError):
        message = "The specified pagination token is not valid or is expired"
        raise AwsError("InvalidPaginationToken", message) from None
