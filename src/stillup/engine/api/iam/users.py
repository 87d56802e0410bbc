"""IAM's operations on users."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.iam.members import render_user
from stillup.engine.api.iam.paging import page, page_of_tags
from stillup.engine.api.iam.subjects import found_or_raise, tags_in, user_name_of
from stillup.rules.iam import users as rules
from stillup.rules.iam.identity import PrincipalKind
from stillup.rules.iam.names import ID_OCTETS, user_id
from stillup.wire.aws.messages import AwsError, Output


async def create_user(ports: ApiPorts, call: Call) -> Output:
    """CreateUser."""
    asked = call.parameters
    if "PermissionsBoundary" in asked:
        raise AwsError("InvalidInput", "Permissions boundaries are not supported by this engine.")
    committed = committed_or_raise(
        await ports.worlds.commit(
            partial(
                rules.create_user,
                account_id=ports.settings.account_id,
                user_id=user_id(ports.die.octets(ID_OCTETS)),
                name=asked["UserName"],
                path=asked.get("Path", "/"),
                tags=tags_in(asked),
                now=ports.clock.now(),
            )
        )
    )
    return Output({"User": render_user(committed.world.users[asked["UserName"]], tagged=True)})


async def get_user(ports: ApiPorts, call: Call) -> Output:
    """GetUser: the named user, or the caller.

    Root is described as AWS does, by account and ARN alone. When the account was made, nobody knows here.
    """
    caller = call.principal
    if "UserName" not in call.parameters and caller.kind is PrincipalKind.ROOT:
        return Output({"User": {"UserId": caller.id, "Arn": caller.arn}})
    user = found_or_raise(rules.find_user(ports.worlds.current, user_name_of(call)))
    return Output({"User": render_user(user, tagged=True)})


async def list_users(ports: ApiPorts, call: Call) -> Output:
    """ListUsers, by name, of one path or of all."""
    prefix = call.parameters.get("PathPrefix", "/")
    users = (user for user in ports.worlds.current.users.values() if user.path.startswith(prefix))
    return Output(
        page(call, "Users", users, key=lambda user: user.name, render=partial(render_user, tagged=False))
    )


async def update_user(ports: ApiPorts, call: Call) -> Output:
    """UpdateUser: another name, another path, or both."""
    asked = call.parameters
    decide = partial(
        rules.update_user,
        name=asked["UserName"],
        account_id=ports.settings.account_id,
        new_name=asked.get("NewUserName"),
        new_path=asked.get("NewPath"),
    )
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def delete_user(ports: ApiPorts, call: Call) -> Output:
    """DeleteUser: of a user without keys and policies."""
    decide = partial(rules.delete_user, name=call.parameters["UserName"])
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def tag_user(ports: ApiPorts, call: Call) -> Output:
    """TagUser."""
    decide = partial(rules.tag_user, name=call.parameters["UserName"], add=tags_in(call.parameters))
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def untag_user(ports: ApiPorts, call: Call) -> Output:
    """UntagUser."""
    decide = partial(rules.tag_user, name=call.parameters["UserName"], remove=call.parameters["TagKeys"])
    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def list_user_tags(ports: ApiPorts, call: Call) -> Output:
    """ListUserTags."""
    user = found_or_raise(rules.find_user(ports.worlds.current, call.parameters["UserName"]))
    return Output(page_of_tags(call, user.tags))


USER_OPERATIONS: Final[Mapping[str, Operation]] = {
    "CreateUser": create_user,
    "GetUser": get_user,
    "ListUsers": list_users,
    "UpdateUser": update_user,
    "DeleteUser": delete_user,
    "TagUser": tag_user,
    "UntagUser": untag_user,
    "ListUserTags": list_user_tags,
}
