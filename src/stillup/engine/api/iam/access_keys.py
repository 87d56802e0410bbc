"""IAM's operations on the access keys of users."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.iam.members import render_key
from stillup.engine.api.iam.paging import page
from stillup.engine.api.iam.subjects import found_or_raise, user_name_of
from stillup.rules.iam import access_keys as rules
from stillup.rules.iam.identity import AccessKey
from stillup.rules.iam.names import ID_OCTETS, SECRET_OCTETS, access_key_id, secret_access_key
from stillup.rules.iam.users import find_user
from stillup.wire.aws.messages import AwsError, Output


async def create_access_key(ports: ApiPorts, call: Call) -> Output:
    """CreateAccessKey: the only answer that ever has the secret."""
    user_name = user_name_of(call)
    key = AccessKey(
        id=access_key_id(ports.die.octets(ID_OCTETS)),
        secret=secret_access_key(ports.die.octets(SECRET_OCTETS)),
        created_at=ports.clock.now(),
    )
    committed = committed_or_raise(
        await ports.worlds.commit(partial(rules.create_access_key, user_name=user_name, key=key))
    )
    shown = render_key(committed.world.users[user_name], key)
    return Output({"AccessKey": shown | {"SecretAccessKey": key.secret}})


async def list_access_keys(ports: ApiPorts, call: Call) -> Output:
    """ListAccessKeys."""
    user = found_or_raise(find_user(ports.worlds.current, user_name_of(call)))
    render = partial(render_key, user)
    return Output(page(call, "AccessKeyMetadata", user.access_keys, key=lambda key: key.id, render=render))


async def update_access_key(ports: ApiPorts, call: Call) -> Output:
    """UpdateAccessKey: Active or Inactive."""
    decide = partial(
        rules.update_access_key,
        user_name=user_name_of(call),
        key_id=call.parameters["AccessKeyId"],
        status=call.parameters["Status"],
    )
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def delete_access_key(ports: ApiPorts, call: Call) -> Output:
    """DeleteAccessKey."""
    decide = partial(
        rules.delete_access_key, user_name=user_name_of(call), key_id=call.parameters["AccessKeyId"]
    )
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def get_access_key_last_used(ports: ApiPorts, call: Call) -> Output:
    """GetAccessKeyLastUsed: whose key it is. Uses are in the audit log alone, so the rest is AWS's N/A.

    A key that is not there is no different from one of another account: AccessDenied.
    """
    key_id = call.parameters["AccessKeyId"]
    owner = rules.find_owner(ports.worlds.current, key_id)
    if owner is None:
        raise AwsError(
            "AccessDenied",
            f"User: {call.principal.arn} is not authorized to perform iam:GetAccessKeyLastUsed on resource: "
            f"access key {key_id}",
            status=403,
        )
    return Output({"UserName": owner.name, "AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}})


ACCESS_KEY_OPERATIONS: Final[Mapping[str, Operation]] = {
    "CreateAccessKey": create_access_key,
    "ListAccessKeys": list_access_keys,
    "UpdateAccessKey": update_access_key,
    "DeleteAccessKey": delete_access_key,
    "GetAccessKeyLastUsed": get_access_key_last_used,
}
