"""What AWS's users may have besides keys and policies, and no user has here.

Clients ask for it all before they delete a user (Terraform's force_destroy, every clean-up tool), so they are
told the truth: a user has none of these. Making one is refused as any operation that is not built.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.iam.subjects import found_or_raise, user_name_of
from stillup.rules.iam.identity import PrincipalKind
from stillup.rules.iam.users import find_user
from stillup.wire.aws.messages import AwsError, Output


async def get_login_profile(ports: ApiPorts, call: Call) -> Output:
    """GetLoginProfile and DeleteLoginProfile: NoSuchEntity, for there is no console to log in to."""
    name = found_or_raise(find_user(ports.worlds.current, user_name_of(call))).name
    raise AwsError("NoSuchEntity", f"Login Profile for User {name} cannot be found.")


def _none(member: str) -> Operation:
    """An operation that lists what is nowhere in the account."""

    async def list_none(ports: ApiPorts, call: Call) -> Output:
        return Output({member: [], "IsTruncated": False})

    return list_none


def _none_of_user(member: str) -> Operation:
    """An operation that lists what neither the named user nor the caller has."""

    async def list_none(ports: ApiPorts, call: Call) -> Output:
        if "UserName" in call.parameters or call.principal.kind is not PrincipalKind.ROOT:
            found_or_raise(find_user(ports.worlds.current, user_name_of(call)))
        return Output({member: [], "IsTruncated": False})

    return list_none


ABSENT_OPERATIONS: Final[Mapping[str, Operation]] = {
    "ListGroupsForUser": _none_of_user("Groups"),
    "ListMFADevices": _none_of_user("MFADevices"),
    "ListSSHPublicKeys": _none_of_user("SSHPublicKeys"),
    "ListSigningCertificates": _none_of_user("Certificates"),
    "ListServiceSpecificCredentials": _none_of_user("ServiceSpecificCredentials"),
    "ListAccountAliases": _none("AccountAliases"),
    "ListGroups": _none("Groups"),
    "ListVirtualMFADevices": _none("VirtualMFADevices"),
    "GetLoginProfile": get_login_profile,
    "DeleteLoginProfile": get_login_profile,
}
